// The batches of one epoch after another, each of sequences of similar length.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "data/length_batches.h"

namespace eddy {

class Epochs {
 public:
  // What an epoch consists of, in random order, where it is not every sequence once.
  using DrawEpoch = std::function<std::vector<size_t>(Random& random)>;

  // Of `count` sequences, at least one, and as many in an epoch; `rows` in a batch, at least one. The order of an epoch is a
  // pure function of the seed and its number.
  Epochs(size_t count, LengthOf length, size_t rows, uint64_t seed, DrawEpoch draw = {});

  int64_t steps() const { return static_cast<int64_t>((count_ + rows_ - 1) / rows_); }  // of an epoch
  // Arranges the epoch of step `step` (0, 1, ... over all epochs).
  void Begin(int64_t step);
  // The sequences of a step of that epoch, `rows` or, at its end, fewer; until the next call of Begin().
  std::span<const size_t> Batch(int64_t step) const;

 private:
  void Arrange(int64_t epoch);

  const size_t count_;
  const LengthOf length_;
  const size_t rows_;
  const uint64_t seed_;
  const DrawEpoch draw_;
  int64_t epoch_ = -1;         // of order_
  std::vector<size_t> order_;  // batch after batch
};

}  // namespace eddy

// A language model a token at a time: the same logits, bit for bit, as reading the whole sequence. After construction a step
// allocates nothing and locks nothing. The weights are copied, so the model may change or go.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "tasks/text/network.h"

namespace eddy {

class TextStream {
 public:
  explicit TextStream(const TextNetwork& model);
  ~TextStream();
  TextStream(TextStream&&) noexcept;

  // The logits [V] of what follows `token`, which is in [0, V); valid until the next call.
  std::span<const Real> Step(int32_t token) noexcept;

  void Reset() noexcept;  // back to the beginning

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy

#include "data/epochs.h"

#include <algorithm>
#include <numeric>

namespace eddy {

Epochs::Epochs(size_t count, LengthOf length, size_t rows, uint64_t seed, DrawEpoch draw)
    : count_(count), length_(std::move(length)), rows_(rows), seed_(seed), draw_(std::move(draw)) {}

void Epochs::Begin(int64_t step) {
  if (step / steps() != epoch_) Arrange(step / steps());
}

std::span<const size_t> Epochs::Batch(int64_t step) const {
  const size_t begin = static_cast<size_t>(step % steps()) * rows_;
  return std::span(order_).subspan(begin, std::min(rows_, order_.size() - begin));
}

void Epochs::Arrange(int64_t epoch) {
  Random random(MixBits(seed_ ^ MixBits(static_cast<uint64_t>(epoch))));
  if (draw_) {
    order_ = draw_(random);
  } else {
    order_.resize(count_);
    std::iota(order_.begin(), order_.end(), size_t{0});
    random.Shuffle(order_);
  }
  GroupByLength(order_, length_, rows_, random);
  epoch_ = epoch;
}

}  // namespace eddy

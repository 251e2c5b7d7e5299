// The product of a convolution: an output row is the sum, over the taps of a kernel, of an input row (or of zeros) times the
// tap's weights. The input rows are gathered side by side, in blocks that fit the cache, and one product a group with an
// inner dimension of K * D / groups sums over all taps at once. Where each channel is by itself, it is a multiply-add a tap
// over the channels instead, in the same order and always in float32.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/aligned.h"
#include "kernels/product.h"

namespace eddy {

struct TapShape {
  size_t outputs, kernel, inputs, groups;  // N, K, D
  bool EachChannel() const { return groups > 1 && groups == inputs && groups == outputs; }
  size_t GatheredWidth() const { return kernel * inputs; }      // reals of a gathered row
  size_t GroupInputs() const { return inputs / groups; }        // D / groups
  size_t GroupOutputs() const { return outputs / groups; }      // N / groups
  size_t GroupDepth() const { return kernel * GroupInputs(); }  // the inner dimension
  size_t GroupWeights() const { return GroupOutputs() * GroupDepth(); }
};

// tap(k) points at the D reals that tap k reads, or is null for zeros -> to [groups, K, D / groups]; to
// [K, D] where each channel is by itself.
template <class Tap>
void GatherTaps(const TapShape& shape, const Tap& tap, Real* to) {
  const size_t groups = shape.EachChannel() ? 1 : shape.groups, width = shape.inputs / groups, depth = shape.kernel * width;
  for (size_t k = 0; k < shape.kernel; ++k) {
    const Real* from = tap(k);
    for (size_t g = 0; g < groups; ++g) {
      Real* part = to + g * depth + k * width;
      from == nullptr ? std::fill_n(part, width, Real{0}) : std::copy_n(from + g * width, width, part);
    }
  }
}

class TapProduct {
 public:
  // weight [N, K, D / groups] is packed.
  TapProduct(const TapShape& shape, const Real* weight, Precision precision);
  const TapShape& shape() const { return shape_; }

  // gathered [rows, K D] as GatherTaps() leaves it, bias [N] or null -> out [rows, N]. Allocates nothing.
  void Multiply(const Real* gathered, size_t rows, const Real* bias, Real* out) const;

  // For i in [0, rows): gathers tap(i, k) over k, multiplies, and calls put(i, sums [N]). Rows are shared among threads.
  template <class Tap, class Put>
  void Run(Threads& threads, size_t rows, const Real* bias, const Tap& tap, const Put& put) const;

 private:
  TapShape shape_;
  std::vector<PackedMatrix> weights_;          // a group's [K * D / groups, N / groups]
  std::vector<Real> channel_weights_, zeros_;  // [K, N] and [N] where each channel is by itself
};

template <class Tap, class Put>
void TapProduct::Run(Threads& threads, size_t rows, const Real* bias, const Tap& tap, const Put& put) const {
  constexpr size_t kBlockReals = size_t{1} << 15;  // gathered at a time, by a thread: 128 KiB
  constexpr size_t kSharedWork = size_t{1} << 19;  // multiply-adds that outlast waking another thread
  const size_t N = shape_.outputs, gathers = std::max<size_t>(shape_.GatheredWidth(), 1);
  const size_t block = std::clamp<size_t>(kBlockReals / gathers, 6, 96), blocks = (rows + block - 1) / block;
  const bool shared = threads.Shares(rows * gathers * shape_.GroupOutputs(), kSharedWork);
  const size_t team = shared ? static_cast<size_t>(threads.team()) : 1;
  const auto scratch = AllocateAligned<Real>(team * block * (gathers + N));
  const auto work = [&](int thread) {
    const size_t self = static_cast<size_t>(thread);
    Real* gathered = scratch.get() + self * block * (gathers + N);
    Real* sums = gathered + block * gathers;
    for (size_t b = blocks * self / team; b < blocks * (self + 1) / team; ++b) {
      const size_t first = b * block, count = std::min(block, rows - first);
      for (size_t i = 0; i < count; ++i) {
        GatherTaps(
            shape_, [&](size_t k) { return tap(first + i, k); }, gathered + i * shape_.GatheredWidth());
      }
      Multiply(gathered, count, bias, sums);
      for (size_t i = 0; i < count; ++i) put(first + i, sums + i * N);
    }
  };
  threads.RunShares(static_cast<int>(team), work);
}

}  // namespace eddy

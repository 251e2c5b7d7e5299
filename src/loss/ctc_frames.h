// What the loss and the decoders of connectionist temporal classification ask of frames [T, B, V].
#pragma once

#include <cmath>
#include <string_view>

#include "eddy/ctc.h"
#include "kernels/math.h"

namespace eddy {

// Throws Error unless logits are [T, B, V] of the sequence, its lengths fit and blank is in [0, V).
void CheckFrames(std::string_view operation, const Shape& logits, const Sequence& sequence, int32_t blank);

// What a frame's logits are above their log probabilities.
inline double LogNormalizer(const Real* logits, size_t classes) {
  const auto [max, sum] = ScaleOfSoftmax(logits, classes);
  return static_cast<double>(max) + std::log(sum);
}

}  // namespace eddy

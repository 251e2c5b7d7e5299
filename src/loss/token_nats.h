// What a network's scores for the next token cost, outside a tape: for measuring.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/math.h"

namespace eddy {

// -ln softmax(logits)[target]; logits [V], target in [0, V).
inline double TokenNats(const Real* logits, size_t classes, int32_t target) {
  const SoftmaxScale scale = ScaleOfSoftmax(logits, classes);
  return std::log(scale.sum) + static_cast<double>(scale.max) - logits[target];
}

}  // namespace eddy

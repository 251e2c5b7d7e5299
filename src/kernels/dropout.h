// Inverted dropout of arrays. What an element is multiplied by depends on a key and its position alone, so that the backward
// makes the mask again, which costs less than to keep it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "eddy/real.h"

namespace eddy {

struct Drop {
  uint64_t key;
  float probability;  // that an element, RandomAt(key, position) < probability, is dropped: multiplied by 0,
  Real factor;        // and what others are multiplied by
};

// For i in [0, n): y[i] = x[i] times the factor of position first + i,
void DropElements(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y);
// and y[i] += the same.
void AddDropped(const Drop& drop, uint64_t first, const Real* x, size_t n, Real* y);

}  // namespace eddy

// Counts in a stream's state, which is an array of Real that its owner may have written.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

inline constexpr size_t kMostCount = size_t{1} << 24;  // a float counts so far

// The count that `value` holds; 0 for what is no count below `limit`.
inline size_t CountIn(Real value, size_t limit) {
  return value >= 0 && value < static_cast<Real>(limit) ? static_cast<size_t>(value) : 0;
}

// A count below kMostCount^2, as two of them.
inline size_t LongCountIn(const Real* value) {
  return CountIn(value[0], kMostCount) + kMostCount * CountIn(value[1], kMostCount);
}
inline void PutLongCount(size_t count, Real* value) {
  value[0] = static_cast<Real>(count % kMostCount);
  value[1] = static_cast<Real>(count / kMostCount % kMostCount);
}

}  // namespace eddy

// Sums over rows, in double and in the order of the rows.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// sums[j] += the sum over r of values[r * stride + j], times factors[r * stride + j] unless `factors` is null, for j in
// [0, cols).
void AddColumnSums(const Real* values, const Real* factors, size_t stride, size_t rows, size_t cols, Real* sums);

}  // namespace eddy

// One step of a linear recurrence over rows of units, with the rounding of the cell's own Step.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// A number a row and unit: row r, unit j at data[r * stride + j].
struct RowsIn {
  const Real* data;
  size_t stride;
};
struct RowsOut {
  Real* data;
  size_t stride;
};

// out = a s + b, each one fused multiply-add. `out` may be `s` or `b`.
void LinearStep(RowsIn a, RowsIn s, RowsIn b, RowsOut out, size_t rows, size_t units);

}  // namespace eddy

// The sum of squares that norms of gradients and weights are made of.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// Of x [n], in double: eight interleaved sums, as in Sum() (loops.h), whatever the instruction set.
double SumOfSquares(const Real* x, size_t n);

}  // namespace eddy

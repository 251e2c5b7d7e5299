// The Gaussian error linear unit over arrays, x Phi(x) (Hendrycks 2016), vectorised in float. What becomes of an element
// depends on its value alone. NaN gives NaN. Run on the calling thread.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// x [n] -> y [n]; they may be the same array.
void GeluArray(const Real* x, size_t n, Real* y);
void GeluSlopeArray(const Real* x, size_t n, Real* y);  // its derivative, Phi(x) + x phi(x)

}  // namespace eddy

// The row of a normalisation: what its elements are brought to mean 0 and variance 1 by. Operations and streaming steps
// share it, so they give the same bits.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

struct Moments {
  Real mean;
  Real scale;  // 1 / sqrt(mean square of what differs from the mean + 1e-5)
};

// The mean and the spread of x [n]; the mean is taken to be 0 unless `centred`.
Moments MomentsOf(const Real* x, size_t n, bool centred);

// x [groups, n / groups], gain [n], shift [n] or null -> y [n]: each group normalised, then times gain plus shift. y may
// be x.
void NormalizeGroups(const Real* x, size_t n, size_t groups, bool centred, const Real* gain, const Real* shift, Real* y);

}  // namespace eddy

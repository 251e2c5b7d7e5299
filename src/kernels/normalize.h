// Layer normalisation of a row (Ba 2016, equations 3 and 4), and its backward without gain and shift. Sums are made in
// double, in an order that depends on n alone.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// normalized [n] = (values - mean) / sqrt(variance + 1e-5), unless null, and out [n] = normalized * gain + shift, or without
// shift where that is null. Returns the factor 1 / sqrt(...). `out` may be `values`.
Real NormalizeRow(const Real* values, size_t n, const Real* gain, const Real* shift, Real* normalized, Real* out);

// From the gradient d_out [n] of (normalised * gain) to that of the values before.
//     d v = factor (g - mean(g) - n mean(g n)),    g = d out * gain, n = the normalised values
void NormalizeRowBackward(const Real* d_out, const Real* normalized, Real factor, const Real* gain, size_t n,
                          Real* d_values);

}  // namespace eddy

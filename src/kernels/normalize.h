// Layer normalisation of a row, without gain or shift (Ba 2016, equations 3 and 4), and its backward. Sums are made in
// double, in an order that depends on n alone.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// values [n] -> normalized [n] = (values - mean) / sqrt(variance + 1e-5); returns the factor 1 / sqrt(...). The two may be
// one.
Real NormalizeRow(const Real* values, size_t n, Real* normalized);

// From the gradient d_out [n] of (normalised * gain) to that of the values before.
//     d v = factor (g - mean(g) - n mean(g n)),    g = d out * gain, n = the normalised values
void NormalizeRowBackward(const Real* d_out, const Real* normalized, Real factor, const Real* gain, size_t n,
                          Real* d_values);

}  // namespace eddy

// The costly functions over arrays, vectorised for the machine at hand: about a nanosecond an element in float. What
// becomes of an element depends on its value alone, not on its place or on n. NaN gives NaN. Run on the calling thread.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// x [n] -> y [n]; they may be the same array.
void TanhArray(const Real* x, size_t n, Real* y);
void SigmoidArray(const Real* x, size_t n, Real* y);  // 1 / (1 + exp(-x)), without overflow

// softmax(x)[i] = exp(x[i] - max) / sum.
struct SoftmaxScale {
  Real max;
  double sum;  // of exp(x[i] - max), in an order that n alone decides; at least 1
};
SoftmaxScale ScaleOfSoftmax(const Real* x, size_t n);

// y[i] += factor * exp(x[i] - max) + shift.
void AddScaledExp(const Real* x, size_t n, Real max, Real factor, Real shift, Real* y);

}  // namespace eddy

// Layer normalisation of a row without gain or shift (Ba 2016, equations 3 and 4), and its backward.
#pragma once

#include <cmath>
#include <cstddef>

#include "eddy/real.h"

namespace eddy {

// values [n] -> (values - mean) / sqrt(variance + 1e-5), in place; returns the factor 1 / sqrt(...).
inline Real NormalizeRow(Real* values, size_t n) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<double>(values[i]);
  const double mean = sum / static_cast<double>(n);
  for (size_t i = 0; i < n; ++i)
    squares += (static_cast<double>(values[i]) - mean) * (static_cast<double>(values[i]) - mean);
  const double factor = 1 / std::sqrt(squares / static_cast<double>(n) + 1e-5);
  for (size_t i = 0; i < n; ++i) values[i] = static_cast<Real>((static_cast<double>(values[i]) - mean) * factor);
  return static_cast<Real>(factor);
}

// From the gradient of (normalised * gain) to that of the values before.
//     d v = factor (g - mean(g) - n mean(g n)),    g = d out * gain, n = the normalised values
inline void NormalizeRowBackward(const Real* d_out, const Real* normalized, Real factor, const Real* gain, size_t n,
                                 Real* d_values) {
  double sum = 0, along = 0;
  for (size_t i = 0; i < n; ++i) {
    const double g = static_cast<double>(d_out[i]) * static_cast<double>(gain[i]);
    sum += g;
    along += g * static_cast<double>(normalized[i]);
  }
  const double mean = sum / static_cast<double>(n), mean_along = along / static_cast<double>(n);
  for (size_t i = 0; i < n; ++i) {
    const double g = static_cast<double>(d_out[i]) * static_cast<double>(gain[i]);
    d_values[i] =
        static_cast<Real>(static_cast<double>(factor) * (g - mean - static_cast<double>(normalized[i]) * mean_along));
  }
}

}  // namespace eddy

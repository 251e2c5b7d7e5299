// Probabilities as logarithms, -infinity for 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace eddy {

inline constexpr double kLogZero = -std::numeric_limits<double>::infinity();

// log(exp(a) + exp(b)).
inline double LogAdd(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kLogZero ? a : a + std::log1p(std::exp(b - a));
}

// log(sum over i in [0, n) of exp(term(i))), without overflow; NaN where a term is.
template <class Term>
double LogSum(size_t n, const Term& term) {
  double most = kLogZero;
  for (size_t i = 0; i < n; ++i) {
    const double value = term(i);
    if (std::isnan(value)) return value;
    most = std::max(most, value);
  }
  if (most == kLogZero) return most;
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += std::exp(term(i) - most);
  return most + std::log(sum);
}

// Turns logarithms of what is proportional to probabilities into probabilities. They sum to 1 whatever was lost to rounding
// on the way; all are 0 where none is possible.
inline void Normalize(double* logs, size_t n) {
  const double most = *std::max_element(logs, logs + n);
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += logs[i] = most == kLogZero ? 0 : std::exp(logs[i] - most);
  for (size_t i = 0; sum > 0 && i < n; ++i) logs[i] /= sum;
}

}  // namespace eddy

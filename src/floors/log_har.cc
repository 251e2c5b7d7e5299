#include "floors/log_har.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace eddy {
namespace {

using Row = std::array<double, 4>;

double MeanBefore(std::span<const double> logs, size_t origin, size_t days) {
  const size_t count = std::min(days, origin);
  double sum = 0;
  for (size_t t = origin - count; t < origin; ++t) sum += logs[t];
  return sum / static_cast<double>(count);
}

Row Inputs(std::span<const double> logs, size_t origin) {
  return {1, logs[origin - 1], MeanBefore(logs, origin, 5), MeanBefore(logs, origin, kHarMonth)};
}

// Gauss's elimination with pivots; a little on the diagonal keeps columns that say the same apart.
Row Solve(std::array<Row, 4> a, Row b) {
  for (size_t i = 0; i < 4; ++i) a[i][i] += 1e-10 * (1 + a[i][i]);
  for (size_t i = 0; i < 4; ++i) {
    size_t pivot = i;
    for (size_t j = i + 1; j < 4; ++j) {
      if (std::abs(a[j][i]) > std::abs(a[pivot][i])) pivot = j;
    }
    std::swap(a[i], a[pivot]);
    std::swap(b[i], b[pivot]);
    for (size_t j = i + 1; j < 4; ++j) {
      const double factor = a[j][i] / a[i][i];
      for (size_t k = i; k < 4; ++k) a[j][k] -= factor * a[i][k];
      b[j] -= factor * b[i];
    }
  }
  for (size_t i = 4; i-- > 0;) {
    for (size_t k = i + 1; k < 4; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

}  // namespace

double LogHar::Predict(std::span<const double> logs, size_t origin) const {
  const Row x = Inputs(logs, origin);
  return weights[0] * x[0] + weights[1] * x[1] + weights[2] * x[2] + weights[3] * x[3];
}

LogHar FitLogHar(std::span<const double> logs, std::span<const double> targets, size_t end) {
  std::array<Row, 4> products{};
  Row with_target{};
  size_t count = 0;
  for (size_t origin = kHarMonth; origin < end; ++origin) {
    if (std::isnan(targets[origin])) continue;
    const Row x = Inputs(logs, origin);
    for (size_t i = 0; i < 4; ++i) {
      for (size_t j = 0; j < 4; ++j) products[i][j] += x[i] * x[j];
      with_target[i] += x[i] * targets[origin];
    }
    ++count;
  }
  LogHar har;
  har.weights = count < 10 ? Row{0, 1, 0, 0} : Solve(products, with_target);
  double squares = 0;
  for (size_t origin = kHarMonth; origin < end; ++origin) {
    if (!std::isnan(targets[origin])) squares += std::pow(targets[origin] - har.Predict(logs, origin), 2);
  }
  har.residual = count > 0 ? squares / static_cast<double>(count) : 0;
  return har;
}

}  // namespace eddy

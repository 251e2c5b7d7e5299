#include "metrics/temperature.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace eddy {
namespace {

constexpr double kMost = 20;
constexpr int kRounds = 40;  // each narrows the range by a third

double LossAt(double temperature, std::span<const double> logits, std::span<const int32_t> targets, size_t classes) {
  const auto n = static_cast<double>(targets.size());
  const double wrong_share = 1 / (n + 2) / static_cast<double>(classes - 1), right_share = (n + 1) / (n + 2);
  double loss = 0;
  for (size_t i = 0; i < targets.size(); ++i) {
    const std::span<const double> row = logits.subspan(i * classes, classes);
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0, expected = 0;
    for (size_t c = 0; c < classes; ++c) {
      const double x = (row[c] - most) / temperature;
      sum += std::exp(x);
      expected += x * (c == static_cast<size_t>(targets[i]) ? right_share : wrong_share);
    }
    loss += std::log(sum) - expected;
  }
  return loss / n;
}

}  // namespace

// The loss is convex in 1 / temperature, and so has one minimum along its logarithm: ternary search.
Calibration FitTemperature(std::span<const double> logits, std::span<const int32_t> targets, size_t classes) {
  double low = -std::log(kMost), high = std::log(kMost);
  const auto loss = [&](double log_temperature) { return LossAt(std::exp(log_temperature), logits, targets, classes); };
  for (int i = 0; i < kRounds; ++i) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    if (loss(a) < loss(b)) {
      high = b;
    } else {
      low = a;
    }
  }
  const double best = (low + high) / 2;
  return {std::exp(best), loss(best)};
}

}  // namespace eddy

#include "data/scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/nearest.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::array<std::string_view, 4> kScalingNames = {"none", "mean-absolute", "deviation", "standard"};

// Below this share of the magnitude a scale is nothing but the rounding of a constant.
constexpr double kRounding = 1e-14;

// Scales that are nothing but rounding, or no number at all, are none.
double Usable(double scale, double magnitude) {
  if (std::isfinite(scale) && scale > kRounding * magnitude && scale > 0) return scale;
  return std::isfinite(magnitude) && magnitude > 0 ? magnitude : 1;
}

}  // namespace

std::string_view ScalingName(ScalingKind kind) { return kScalingNames[static_cast<size_t>(kind)]; }

ScalingKind ParseScaling(std::string_view name) {
  for (size_t i = 0; i < kScalingNames.size(); ++i) {
    if (name == kScalingNames[i]) return static_cast<ScalingKind>(i);
  }
  const std::string nearest = Nearest(name, kScalingNames);
  Fail("series", "scaling", "none, mean-absolute, deviation or standard",
       Excerpt(name) + (nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest)));
}

float Scaling::Apply(double value) const {
  constexpr double kMost = 1e6;
  const double scaled = (value - shift) / scale;
  return std::isnan(scaled) ? 0.0f : static_cast<float>(std::clamp(scaled, -kMost, kMost));
}

Scaling ScalingOf(ScalingKind kind, Observations training) {
  // Sums run over distances from the first value: the swing of 1e12 + sin(t) is not lost in a sum of 1e12's.
  double count = 0, first = 0, sum = 0, magnitudes = 0;
  for (size_t i = 0; i < training.size(); ++i) {
    if (!training.observed[i]) continue;
    if (count == 0) first = training.values[i];
    count += 1;
    sum += training.values[i] - first;
    magnitudes += std::abs(training.values[i]);
  }
  if (count == 0 || kind == ScalingKind::kNone) return {};
  const double mean = first + sum / count;
  const double magnitude = magnitudes / count;
  if (kind == ScalingKind::kMeanAbsolute) return {0, Usable(magnitude, magnitude)};

  double squares = 0;
  for (size_t i = 0; i < training.size(); ++i) {
    if (training.observed[i]) squares += (training.values[i] - mean) * (training.values[i] - mean);
  }
  const double deviation = Usable(std::sqrt(squares / count), magnitude);
  if (kind == ScalingKind::kDeviation) return {0, deviation};
  return {std::isfinite(mean) ? mean : 0, deviation};
}

Scaling CovariateScaling(const SeriesSet& set, const Series& series, size_t column, size_t rows) {
  std::vector<double> values;
  for (size_t row = 0; row < rows; ++row) {
    const double value = series.covariates[row * set.covariates() + column];
    if (!std::isnan(value)) values.push_back(value);
  }
  return ScalingOf(ScalingKind::kStandard, {values, std::vector<uint8_t>(values.size(), 1)});
}

}  // namespace eddy

#include "tasks/risk/features.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr size_t kOwn = 10;            // features of the returns
constexpr size_t kOfMeasure = 3;       // over 1, 5 and 22 days
constexpr size_t kOfCovariate = 2;     // its value and its change
constexpr double kMostFeature = 6;     // deviations from the mean; beyond, a feature says no more than "far out"
constexpr double kLeastSquare = 1e-4;  // percent squared, beneath means of squares

// Means over the last `days`, of fewer at the beginning: [T].
std::vector<double> TrailingMeans(const std::vector<double>& values, size_t days) {
  std::vector<double> means(values.size());
  for (size_t t = 0; t < values.size(); ++t) {
    double sum = 0;  // anew each time: a running sum would carry the rounding of large values on
    const size_t first = t + 1 - std::min(t + 1, days);
    for (size_t i = first; i <= t; ++i) sum += values[i];
    means[t] = sum / static_cast<double>(t + 1 - first);
  }
  return means;
}

double HalfLog(double square) { return 0.5 * std::log(square + kLeastSquare); }

}  // namespace

size_t CountFeatures(const PriceColumns& columns) {
  return kOwn + kOfMeasure * columns.measures() + kOfCovariate * columns.covariates.size();
}

std::vector<double> RawFeatures(const ReturnSeries& series, const SeriesFit& fit, const RiskDesign& design) {
  const size_t T = series.size(), D = CountFeatures(design.columns);
  std::vector<double> x = series.returns, squares, losses;
  for (double& value : x) {
    value -= fit.mean;
    squares.push_back(value * value);
    losses.push_back(value < 0 ? value * value : 0);
  }
  const std::vector<double> leverage = Variances(fit.leverage, x), plain = Variances(fit.plain, x);
  const std::vector<double> average = Variances(fit.average, x);
  std::vector<double> features(T * D);
  size_t column = 0;
  const auto put = [&](const auto& of_row) {
    for (size_t t = 0; t < T; ++t) features[t * D + column] = of_row(t);
    ++column;
  };
  const auto against = [&](const std::vector<double>& values) {  // the logarithm over that of the floor's volatility
    put([&](size_t t) { return HalfLog(values[t]) - HalfLog(leverage[t + 1]); });
  };
  put([&](size_t t) { return x[t] / std::sqrt(leverage[t] + kLeastSquare); });
  put([&](size_t t) { return std::abs(x[t]) / std::sqrt(leverage[t] + kLeastSquare); });
  put([&](size_t t) { return HalfLog(leverage[t + 1]) - HalfLog(fit.leverage.start); });
  put([&](size_t t) { return HalfLog(plain[t + 1]) - HalfLog(leverage[t + 1]); });
  put([&](size_t t) { return HalfLog(average[t + 1]) - HalfLog(leverage[t + 1]); });
  for (const size_t days : {5, 22, 66}) against(TrailingMeans(squares, days));
  for (const size_t days : {5, 22}) against(TrailingMeans(losses, days));
  for (size_t m = 0; m < design.columns.measures(); ++m) {
    const std::span<const double> measure = series.measure(m);
    for (const size_t days : {1, 5, 22}) against(TrailingMeans({measure.begin(), measure.end()}, days));
  }
  for (size_t c = 0; c < design.columns.covariates.size(); ++c) {
    const std::span<const double> values = series.covariate(c);
    put([&](size_t t) { return values[t]; });
    put([&](size_t t) { return t > 0 ? values[t] - values[t - 1] : 0; });
  }
  return features;
}

std::vector<float> ScaledFeatures(const ReturnSeries& series, const SeriesFit& fit, const RiskDesign& design) {
  const std::vector<double> raw = RawFeatures(series, fit, design);
  const size_t D = design.inputs();
  std::vector<float> features(raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    const double scaled = (raw[i] - design.feature_mean[i % D]) / design.feature_deviation[i % D];
    features[i] = static_cast<float>(std::clamp(scaled, -kMostFeature, kMostFeature));
  }
  return features;
}

}  // namespace eddy

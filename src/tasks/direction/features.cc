#include "tasks/direction/features.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace eddy {
namespace {

constexpr size_t kOwn = 7;
constexpr double kMostFeature = 5;        // deviations from the mean
constexpr double kLeastVolatility = 0.1;  // percent a day
constexpr size_t kMonth = 20;             // days

double TrailingMean(const std::vector<double>& values, size_t t, size_t days) {
  const size_t count = std::min(t + 1, days);
  double sum = 0;
  for (size_t i = t + 1 - count; i <= t; ++i) sum += values[i];
  return sum / static_cast<double>(count);
}

// The root of the mean square of the last month's returns: [T].
std::vector<double> Volatilities(const std::vector<double>& returns) {
  std::vector<double> squares, volatilities;
  for (const double r : returns) squares.push_back(r * r);
  for (size_t t = 0; t < returns.size(); ++t) {
    volatilities.push_back(kLeastVolatility + std::sqrt(TrailingMean(squares, t, kMonth)));
  }
  return volatilities;
}

}  // namespace

size_t DirectionFeatureCount(const PriceColumns& columns) { return kOwn + columns.covariates.size(); }

std::vector<std::vector<double>> MarketReturns(const PriceSet& prices) {
  std::map<double, std::pair<double, double>> sums;  // by time: of the returns, and how many there are
  for (const ReturnSeries& series : prices.series) {
    for (size_t t = 0; t < series.size(); ++t) {
      auto& [sum, count] = sums[series.times[t]];
      sum += series.returns[t];
      ++count;
    }
  }
  std::vector<std::vector<double>> market;
  for (const ReturnSeries& series : prices.series) {
    std::vector<double>& of_series = market.emplace_back();
    for (const double time : series.times) of_series.push_back(sums.at(time).first / sums.at(time).second);
  }
  return market;
}

std::vector<double> DirectionFeatures(const ReturnSeries& series, const std::vector<double>& market) {
  const size_t T = series.size(), C = T == 0 ? 0 : series.covariates.size() / T, D = kOwn + C;
  const std::vector<double> own = Volatilities(series.returns), all = Volatilities(market);
  std::vector<double> features;
  features.reserve(T * D);
  for (size_t t = 0; t < T; ++t) {
    const double r = series.returns[t], s = own[t];
    features.insert(features.end(),
                    {r / s, (r - market[t]) / s, market[t] / all[t], TrailingMean(series.returns, t, 5) / s,
                     TrailingMean(series.returns, t, kMonth) / s, TrailingMean(market, t, 5) / all[t], std::log(s)});
    for (size_t c = 0; c < C; ++c) features.push_back(series.covariate(c)[t]);
  }
  return features;
}

std::vector<float> ScaledDirectionFeatures(const ReturnSeries& series, const std::vector<double>& market,
                                           const DirectionDesign& design) {
  const std::vector<double> raw = DirectionFeatures(series, market);
  const size_t D = design.inputs();
  std::vector<float> features(raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    const double scaled = (raw[i] - design.feature_mean[i % D]) / design.feature_deviation[i % D];
    features[i] = static_cast<float>(std::clamp(scaled, -kMostFeature, kMostFeature));
  }
  return features;
}

std::vector<double> LaggedReturns(const ReturnSeries& series) {
  const std::vector<double> volatilities = Volatilities(series.returns);
  std::vector<double> lagged((series.size() + 1) * kLags, 0);
  for (size_t i = 1; i <= series.size(); ++i) {
    for (size_t lag = 0; lag < std::min(i, kLags); ++lag) {
      lagged[i * kLags + lag] = std::clamp(series.returns[i - 1 - lag] / volatilities[i - 1], -kMostFeature, kMostFeature);
    }
  }
  return lagged;
}

std::vector<DirectionLabel> LabelsOf(const ReturnSeries& series, const DirectionDesign& design) {
  std::vector<DirectionLabel> labels(series.size() + 1, DirectionLabel::kNone);
  for (size_t i = 0; i + design.horizon <= series.size(); ++i) {
    double sum = 0;
    for (size_t h = 0; h < design.horizon; ++h) sum += series.returns[i + h];
    const double percent = 100 * std::expm1(sum / 100);
    if (percent > 0 && percent >= design.rise) labels[i] = DirectionLabel::kUp;
    if (percent < 0 && percent <= -design.fall) labels[i] = DirectionLabel::kDown;
  }
  return labels;
}

bool MayLearn(const ReturnSeries& series, size_t origin, const DirectionRefit& refit, const DirectionDesign& design) {
  return origin + design.horizon + design.embargo <= FirstReturnFrom(series, refit.begin);
}

}  // namespace eddy

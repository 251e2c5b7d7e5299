#include "tasks/forecast/scores.h"

#include <cmath>
#include <limits>

namespace eddy {

double SeasonalNaiveError(Observations history, size_t season) {
  double sum = 0, count = 0;
  for (size_t t = season; t < history.size(); ++t) {
    if (!history.observed[t] || !history.observed[t - season]) continue;
    sum += std::abs(history.values[t] - history.values[t - season]);
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

void ForecastMetrics::Mean::Add(double value) {
  sum += value;
  ++count;
}

double ForecastMetrics::Mean::value() const {
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

ForecastScores WithoutBand(ForecastScores scores) {
  scores.coverage = std::numeric_limits<double>::quiet_NaN();
  return scores;
}

void ForecastMetrics::Add(Observations history, Observations actual, std::span<const double> forecast) {
  Mean squared, absolute, relative;
  for (size_t h = 0; h < actual.size(); ++h) {
    if (!actual.observed[h]) continue;
    const double y = actual.values[h];
    const double f = forecast[h];
    const double magnitude = std::abs(y) + std::abs(f);
    squared.Add((y - f) * (y - f));
    absolute.Add(std::abs(y - f));
    relative.Add(magnitude > 0 ? 200 * std::abs(y - f) / magnitude : 0);
  }
  if (absolute.count == 0) return;
  mse_.Add(squared.value());
  mae_.Add(absolute.value());
  smape_.Add(relative.value());
  const double scale = SeasonalNaiveError(history, season_);
  if (scale > 0) mase_.Add(absolute.value() / scale);
}

void ForecastMetrics::Add(Observations history, Observations actual, std::span<const double> quantiles,
                          std::span<const double> forecasts) {
  const size_t Q = quantiles.size();
  size_t median = 0;
  for (size_t q = 1; q < Q; ++q) {
    if (std::abs(quantiles[q] - 0.5) < std::abs(quantiles[median] - 0.5)) median = q;
  }
  std::vector<double> point(actual.size());
  for (size_t h = 0; h < actual.size(); ++h) point[h] = forecasts[h * Q + median];
  Add(history, actual, point);

  Mean loss, covered;
  for (size_t h = 0; h < actual.size(); ++h) {
    if (!actual.observed[h]) continue;
    const double y = actual.values[h];
    for (size_t q = 0; q < Q; ++q) {
      const double error = y - forecasts[h * Q + q];
      loss.Add(std::max(quantiles[q] * error, (quantiles[q] - 1) * error));
    }
    covered.Add(forecasts[h * Q] <= y && y <= forecasts[h * Q + Q - 1] ? 1 : 0);
  }
  if (covered.count == 0) return;
  pinball_.Add(loss.value());
  const double scale = SeasonalNaiveError(history, season_);
  if (scale > 0) scaled_pinball_.Add(loss.value() / scale);
  if (Q >= 2) coverage_.Add(covered.value());
}

ForecastScores ForecastMetrics::scores() const {
  return {mse_.value(),     mae_.value(), smape_.value(), mase_.value(), pinball_.value(), scaled_pinball_.value(),
          coverage_.value()};
}

double Owa(const ForecastScores& scores, const ForecastScores& naive2) {
  return (scores.smape / naive2.smape + scores.mase / naive2.mase) / 2;
}

}  // namespace eddy

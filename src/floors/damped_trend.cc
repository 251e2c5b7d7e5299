#include "floors/damped_trend.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "floors/season.h"
#include "floors/seasonal_shape.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 1000;
constexpr double kKept = 1 - 1 / 500.0;  // of the errors before, at each row

struct TakenOut {
  std::vector<double> shape;
  SeasonalForm form;

  double From(double value, size_t row) const {
    const double each = shape[row % shape.size()];
    return form == SeasonalForm::kFactors ? value / each : value - each;
  }
  double Into(double value, size_t row) const {
    const double each = shape[row % shape.size()];
    return form == SeasonalForm::kFactors ? value * each : value + each;
  }
};

std::optional<TakenOut> SeasonOf(Observations history, size_t season) {
  if (!IsSeasonal(history, season)) return {};
  const bool positive = std::all_of(history.values.begin(), history.values.end(), [](double y) { return y > 0; });
  const SeasonalForm form = positive ? SeasonalForm::kFactors : SeasonalForm::kSummands;
  return TakenOut{SeasonalShape(history, season, form), form};
}

// The first observed one of the last rows; the last one where none of them is.
size_t FirstRow(Observations history) {
  const auto& observed = history.observed;
  size_t row = history.size() - std::min(history.size(), kMostRows);
  while (row < history.size() && !observed[row]) ++row;
  if (row < history.size()) return row;
  while (!observed[--row]) {
  }
  return row;
}

}  // namespace

DampedTrends::DampedTrends(double first) {
  size_t i = 0;
  for (const double level : kLevelShares) {
    for (const double slope : kSlopeShares) {
      for (const double damping : kDampings) {
        of_level_[i] = level;
        of_slope_[i] = level * slope;
        damping_[i++] = damping;
      }
    }
  }
  level_.fill(first);
  slope_.fill(0);
  errors_.fill(0);
}

void DampedTrends::Pass() {
  for (size_t i = 0; i < kGrid; ++i) level_[i] += slope_[i] *= damping_[i];
}

void DampedTrends::Observe(double value) {
  for (size_t i = 0; i < kGrid; ++i) {
    const double error = value - level_[i];
    errors_[i] = kKept * errors_[i] + std::abs(error);
    level_[i] += of_level_[i] * error;
    slope_[i] += of_slope_[i] * error;
  }
}

DampedTrends::Trend DampedTrends::best() const {
  const auto i = static_cast<size_t>(std::min_element(errors_.begin(), errors_.end()) - errors_.begin());
  return {level_[i], slope_[i], damping_[i]};
}

std::vector<double> DampedTrend(Observations history, size_t season, size_t horizon) {
  const std::optional<TakenOut> taken_out = SeasonOf(history, season);
  const size_t T = history.size();
  size_t row = FirstRow(history);
  const auto adjusted = [&] { return taken_out ? taken_out->From(history.values[row], row) : history.values[row]; };
  DampedTrends trends(adjusted());
  for (++row; row < T; ++row) {
    trends.Pass();
    if (history.observed[row]) trends.Observe(adjusted());
  }
  DampedTrends::Trend trend = trends.best();
  std::vector<double> forecast(horizon);
  for (size_t h = 0; h < horizon; ++h) {
    forecast[h] = trend.Next();
    if (taken_out) forecast[h] = taken_out->Into(forecast[h], T + h);
  }
  return forecast;
}

}  // namespace eddy

#include "floors/naive.h"

#include <algorithm>

#include "floors/season.h"

namespace eddy {
namespace {

// The latest observed value at or before row `i`, going back `step` rows at a time; nullptr if there is none.
const double* LatestObserved(Observations history, size_t i, size_t step) {
  while (!history.observed[i]) {
    if (i < step) return nullptr;
    i -= step;
  }
  return &history.values[i];
}

// Seasonal indices of the classical multiplicative decomposition, as R's decompose(): the series over its centred moving
// average of one season, averaged at each place of the season and scaled to a mean of 1. Index i is for row i of the
// history. Missing values are taken as filled.
std::vector<double> SeasonalIndices(Observations history, size_t season) {
  const size_t T = history.size();
  const size_t half = season / 2;
  const std::span<const double> y = history.values;
  std::vector<double> sums(season, 0), counts(season, 0);
  for (size_t t = half; t + half < T; ++t) {
    double trend = 0;
    for (size_t i = t - half; i <= t + half; ++i) trend += y[i];
    // An even season reaches over one row too many; its ends count half.
    if (season % 2 == 0) trend -= (y[t - half] + y[t + half]) / 2;
    sums[t % season] += y[t] / (trend / static_cast<double>(season));
    counts[t % season] += 1;
  }
  double mean = 0;
  for (size_t i = 0; i < season; ++i) {
    sums[i] /= counts[i];
    mean += sums[i] / static_cast<double>(season);
  }
  for (double& index : sums) index /= mean;
  return sums;
}

}  // namespace

std::vector<double> Persistence(Observations history, size_t horizon) {
  const double* last = LatestObserved(history, history.size() - 1, 1);
  return std::vector<double>(horizon, *last);
}

std::vector<double> SeasonalNaive(Observations history, size_t season, size_t horizon) {
  std::vector<double> forecast = Persistence(history, horizon);
  if (history.size() < season) return forecast;
  for (size_t h = 0; h < horizon; ++h) {
    const double* value = LatestObserved(history, history.size() - season + h % season, season);
    if (value) forecast[h] = *value;
  }
  return forecast;
}

std::vector<double> PastMedian(Observations history, size_t horizon) {
  constexpr size_t kMost = 1000;
  std::vector<double> values;
  for (size_t i = history.size(); i-- > 0 && values.size() < kMost;) {
    if (history.observed[i]) values.push_back(history.values[i]);
  }
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::vector<double>(horizon, *middle);
}

std::vector<double> Naive2(Observations history, size_t season, size_t horizon) {
  std::vector<double> forecast = Persistence(history, horizon);
  const bool positive = std::all_of(history.values.begin(), history.values.end(), [](double y) { return y > 0; });
  if (!positive || !IsSeasonal(history, season)) return forecast;
  const std::vector<double> indices = SeasonalIndices(history, season);
  const size_t T = history.size();
  size_t last = T - 1;
  while (!history.observed[last]) --last;
  for (size_t h = 0; h < horizon; ++h) forecast[h] *= indices[(T + h) % season] / indices[last % season];
  return forecast;
}

}  // namespace eddy

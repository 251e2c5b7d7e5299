#include "floors/naive.h"

#include <algorithm>

#include "base/median.h"
#include "floors/season.h"
#include "floors/seasonal_shape.h"

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
  return std::vector<double>(horizon, UpperMedian(values));
}

std::vector<double> Naive2(Observations history, size_t season, size_t horizon) {
  std::vector<double> forecast = Persistence(history, horizon);
  const bool positive = std::all_of(history.values.begin(), history.values.end(), [](double y) { return y > 0; });
  if (!positive || !IsSeasonal(history, season)) return forecast;
  const std::vector<double> indices = SeasonalShape(history, season, SeasonalForm::kFactors);
  const size_t T = history.size();
  size_t last = T - 1;
  while (!history.observed[last]) --last;
  for (size_t h = 0; h < horizon; ++h) forecast[h] *= indices[(T + h) % season] / indices[last % season];
  return forecast;
}

}  // namespace eddy

#include "floors/seasonal_shape.h"

namespace eddy {

std::vector<double> SeasonalShape(Observations history, size_t season, SeasonalForm form) {
  const bool factors = form == SeasonalForm::kFactors;
  const size_t T = history.size();
  const size_t half = season / 2;
  const std::span<const double> y = history.values;
  std::vector<double> shape(season, 0), counts(season, 0);
  for (size_t t = half; t + half < T; ++t) {
    double trend = 0;
    for (size_t i = t - half; i <= t + half; ++i) trend += y[i];
    // An even season reaches over one row too many; its ends count half.
    if (season % 2 == 0) trend -= (y[t - half] + y[t + half]) / 2;
    trend /= static_cast<double>(season);
    shape[t % season] += factors ? y[t] / trend : y[t] - trend;
    counts[t % season] += 1;
  }
  double mean = 0;
  for (size_t i = 0; i < season; ++i) {
    shape[i] /= counts[i];
    mean += shape[i] / static_cast<double>(season);
  }
  for (double& each : shape) each = factors ? each / mean : each - mean;
  return shape;
}

}  // namespace eddy

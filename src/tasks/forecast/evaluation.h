// A forecaster beside its floors: persistence, seasonal naive, and Naive2, the reference of OWA.
#pragma once

#include <span>

#include "report/verdict.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/scores.h"

namespace eddy {

struct ForecastResult {
  size_t windows = 0;  // forecasts judged, each a mean of its own
  size_t season = 1;
  ForecastScores network, naive, seasonal_naive, naive2;
  // Of each window the figure of the verdict and 1, or twice 0 where it is not defined.
  PartSums network_parts{2}, naive_parts{2}, seasonal_naive_parts{2}, past_median_parts{2};
  ForecastScores past_median = {};
};

// Forecasts each window from the rows before it and compares with what happened, as far as it is known.
ForecastResult EvaluateForecaster(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                  Threads& threads);

// For each window the figure that JudgeForecasts goes by, NaN where it is not defined.
std::vector<double> WindowErrors(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                 Threads& threads);

// By MASE, or by the absolute error where no series has one.
Verdict JudgeForecasts(const ForecastResult& result);

}  // namespace eddy

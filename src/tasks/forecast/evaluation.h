// A forecaster beside its floors; Naive2 is the reference of OWA too.
#pragma once

#include <span>

#include "report/verdict.h"
#include "tasks/forecast/floors.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/scores.h"

namespace eddy {

struct FloorResult {
  ForecastFloor floor;
  ForecastScores scores;
  PartSums parts{2};  // as ForecastResult::network_parts
};

struct ForecastResult {
  size_t windows = 0;  // forecasts judged, each a mean of its own
  size_t season = 1;
  bool intermittent = false;  // ForecastDesign::intermittent
  ForecastMix mix;            // that is in the forecasts
  ForecastScores network, naive2;
  // Of each window the figure of the verdict and 1, or twice 0 where it is not defined.
  PartSums network_parts{2};
  std::vector<FloorResult> floors;  // FloorsOf()

  const ForecastScores& ScoresOf(const std::string& floor) const;  // its key
};

// Forecasts each window from the rows before it and compares with what happened, as far as it is known. The processes of a
// group share out what forecasts.
ForecastResult EvaluateForecaster(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                  Threads& threads, ProcessGroup& group = Alone());

// For each window the figure that JudgeForecasts goes by, NaN where it is not defined.
std::vector<double> WindowErrors(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                 Threads& threads);

// By MASE; of intermittent series by the scaled pinball loss; or by the absolute error where no series has a scale.
Verdict JudgeForecasts(const ForecastResult& result);

}  // namespace eddy

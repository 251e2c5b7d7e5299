// What to show of a forecaster: the report that training writes, and a look inside while it reads a series.
#pragma once

#include <string>

#include "tasks/forecast_evaluation.h"
#include "tasks/inside.h"
#include "tasks/report.h"
#include "train/trainer.h"

namespace eddy {

// While it reads the window before the end of the set's first series; the loss is that of the first step after it, the
// median against the last value.
Inside LookInsideForecast(Forecaster& forecaster, const SeriesSet& set, Threads& threads);

// `windows` are those that were held out; none means that the last rows of each series are shown without what happened.
Report MakeForecastReport(Forecaster& forecaster, const SeriesSet& set, std::span<const Window> windows,
                          const ForecastResult& result, const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

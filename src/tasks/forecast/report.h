// What to show of a forecaster: the report that training writes, and a look inside while it reads a series.
#pragma once

#include <string>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "tasks/forecast/evaluation.h"

namespace eddy {

// While it reads the window before the end of the set's first series; the loss is that of the first step after it, the
// median against the last value.
Inside LookInsideForecast(ForecastModel& forecaster, const SeriesSet& set, Threads& threads);

// `windows` are those that were held out; none means that the last rows of each series are shown without what happened.
Report MakeForecastReport(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                          const ForecastResult& result, const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

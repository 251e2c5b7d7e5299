// The training of a forecaster.
#pragma once

#include <memory>

#include "tasks/forecast/data.h"
#include "tasks/task.h"

namespace eddy {

// Throws Error, UsageError for options that do not go together.
std::unique_ptr<Job> MakeForecastJob(SeriesData data, const ForecastOptions& options, TaskContext& context);

}  // namespace eddy

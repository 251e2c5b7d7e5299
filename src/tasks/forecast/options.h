// What a forecaster can be told, and the series that it learns from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/series.h"
#include "eddy/tasks/forecast.h"
#include "options/option_table.h"

namespace eddy {

void DeclareSeries(ForecastOptions& options, OptionTable& table);  // the table, but its file
void Declare(ForecastOptions& options, OptionTable& table);        // without what training alone has:
void DeclareTraining(ForecastOptions& options, OptionTable& table);

// Throws UsageError for what does not rise within (0, 1).
void RequireQuantiles(const std::vector<double>& quantiles);

}  // namespace eddy

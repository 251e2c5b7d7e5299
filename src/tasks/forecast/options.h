// What a forecaster can be told, and the series that it learns from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/series.h"
#include "eddy/tasks/train_options.h"
#include "options/option_table.h"

namespace eddy {

struct ForecastOptions {
  size_t horizon = 0;              // rows to forecast; required
  std::optional<size_t> season;    // rows of a season; 1 for none. Found in the data otherwise
  std::vector<double> quantiles;   // rising within (0, 1); 0.1, 0.5 and 0.9 where there are none
  std::optional<size_t> hold_out;  // rows at the end of each series to judge by; the horizon otherwise
  std::string from;                // instead: judge by everything from this time on
  std::optional<size_t> window;    // rows of the past that the network reads
  TrainOptions train = {};
};

struct SeriesInput {
  std::string file;
  SeriesColumns columns;
  DateOrder date_order = DateOrder::kAsShown;
};

void Declare(SeriesInput& input, OptionTable& table);
void Declare(ForecastOptions& options, OptionTable& table);  // without what training alone has:
void DeclareTraining(ForecastOptions& options, OptionTable& table);

// Throws UsageError for what does not rise within (0, 1).
void RequireQuantiles(const std::vector<double>& quantiles);

}  // namespace eddy

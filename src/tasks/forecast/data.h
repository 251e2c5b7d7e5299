// The series of a forecaster, read and split.
#pragma once

#include <string>
#include <string_view>

#include "data/series.h"
#include "model/json.h"
#include "tasks/forecast/options.h"
#include "tasks/forecast/split.h"

namespace eddy {

struct SeriesData {
  std::string source;  // the file's name
  SeriesSet set;
  HoldOut hold_out;
  ForecastSplit split;
  Json fingerprint;  // {"bytes", "hash"} of the table
};

// The table `text`, named `source` in errors. Known columns that are not among the covariates become such. Throws Error.
SeriesData LoadSeries(std::string_view text, const std::string& source, SeriesColumns columns,
                      const ForecastOptions& options);
SeriesData LoadSeries(const SeriesInput& input, const ForecastOptions& options);  // of its file

Json ToJson(const HoldOut& hold_out);
HoldOut HoldOutFromJson(const Json& json);  // throws Error

}  // namespace eddy

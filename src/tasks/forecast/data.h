// The series of a forecaster, read and split.
#pragma once

#include <string>
#include <string_view>

#include "data/series.h"
#include "model/json.h"
#include "tasks/forecast/design.h"
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
SeriesData LoadSeries(std::string_view text, const std::string& source, const ForecastOptions& options);
SeriesData LoadSeries(const Data& table, const ForecastOptions& options);

// Series to go on with, read as those that a model was trained on. Throws Error.
SeriesSet ReadSeriesOf(const ForecastDesign& design, std::string_view text, const std::string& source);
SeriesSet ReadSeriesOf(const ForecastDesign& design, const Data& table);

Json ToJson(const HoldOut& hold_out);
HoldOut HoldOutFromJson(const Json& json);  // throws Error

}  // namespace eddy

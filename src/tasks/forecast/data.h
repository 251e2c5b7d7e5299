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

// The table `text`, named as the file of `input`. Known columns that are not among the covariates become such. Throws Error.
SeriesData LoadSeries(std::string_view text, const SeriesInput& input, const ForecastOptions& options);
SeriesData LoadSeries(const SeriesInput& input, const ForecastOptions& options);  // of the file itself

// Series to go on with, read as those that a model was trained on. Throws Error.
SeriesSet ReadSeriesOf(const ForecastDesign& design, std::string_view text, const std::string& source);
SeriesSet ReadSeriesOf(const ForecastDesign& design, const std::string& file);

Json ToJson(const HoldOut& hold_out);
HoldOut HoldOutFromJson(const Json& json);  // throws Error

}  // namespace eddy

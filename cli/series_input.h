// The series that a verb learns from, as options and as what they mean.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "data/series.h"
#include "model/json.h"
#include "tasks/forecast_split.h"

namespace eddy {

struct SeriesInput {
  std::string file;
  SeriesColumns columns;
  std::string covariates, known;  // lists
  size_t horizon = 0;
  std::optional<size_t> season, hold_out;
  std::string from;  // a time
  std::string quantiles;
};

struct SeriesData {
  SeriesSet set;
  HoldOut hold_out;
  ForecastSplit split;
  Json fingerprint;
};

void AddSeriesInput(CLI::App& verb, SeriesInput& input);
SeriesData Load(const SeriesInput& input);  // throws Error

}  // namespace eddy

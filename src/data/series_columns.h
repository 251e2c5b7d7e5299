// The columns of a table of series as numbers: targets and covariates, with columns of names as covariates of 0 and 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/series.h"

namespace eddy {

struct SeriesTable {
  struct Target {
    std::string name;            // of its column
    std::vector<double> values;  // of each row, NaN where missing
  };
  SeriesColumns columns;  // as in SeriesSet
  std::optional<size_t> time, series;
  std::vector<Target> targets;  // one, but of a wide table all
  std::vector<std::vector<double>> covariates;
  std::vector<uint8_t> known;  // of the covariates
};

// Adds to `notes`. Throws Error as ReadSeries().
SeriesTable ReadColumns(const CsvTable& table, const SeriesColumns& columns, std::vector<SeriesNote>& notes);

}  // namespace eddy

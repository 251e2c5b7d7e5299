// A set of series from a table: a target column, and where there are, a time column, a column that tells the series apart,
// and covariate columns.
//
// Rows of a series need not be adjacent; they are sorted by time. Where the times of a series lie on the step of the time
// axis, rows that are left out are put in as missing (at most as many as there are rows). Rows before the first value of
// the target are dropped. Missing values hold the last value before them and are marked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv.h"
#include "data/time_axis.h"

namespace eddy {

// Values with a mark for each: 0 where it was missing.
struct Observations {
  std::span<const double> values;
  std::span<const uint8_t> observed;

  size_t size() const { return values.size(); }
  Observations first(size_t n) const { return {values.first(n), observed.first(n)}; }
  Observations subspan(size_t begin, size_t n) const { return {values.subspan(begin, n), observed.subspan(begin, n)}; }
};

struct SeriesColumns {
  std::string target;
  std::string time;                     // empty for none: rows are steps 1, 2, 3 ...
  std::string series;                   // empty for a single series
  std::vector<std::string> covariates;  // their values at a time are known only from that time on
  std::vector<std::string> known;       // those of the covariates that are known in the future, such as holidays
};

struct Series {
  std::string name;               // empty in a table without a series column
  std::vector<double> target;     // [T]; T >= 1 and the first is observed
  std::vector<uint8_t> observed;  // [T]
  // [T + F, C]: missing values hold the last value before, and NaN before the first. Rows from T on are the future: NaN in
  // columns that are not declared known, whatever the file says.
  std::vector<double> covariates;
  std::vector<double> times;  // [T + F]

  size_t size() const { return target.size(); }                   // T
  size_t future() const { return times.size() - target.size(); }  // F
  Observations all() const { return {target, observed}; }
};

struct SeriesSet {
  SeriesColumns columns;
  TimeAxis axis;
  std::vector<Series> series;  // in the order of their first rows in the file
  std::vector<uint8_t> known;  // [C]: whether a covariate is known in the future

  size_t covariates() const { return columns.covariates.size(); }
};

// Rows at the end of a series without a target are its future if a known covariate has a value in them; otherwise missing
// values. Throws Error, naming line and column, for columns that do not exist or are named twice, values that are not
// numbers, times that cannot be read, a time that occurs twice in a series, rows without a series name, and series without
// a single value.
SeriesSet ReadSeries(const CsvTable& table, const SeriesColumns& columns);

// The first row of a series at or after `time`; size() when there is none. For a split by date.
size_t FirstRowFrom(const Series& series, double time);

}  // namespace eddy

// A set of series from a table: a target column, and where there are, a time column, a column that tells the series apart,
// and covariate columns.
//
// Or a wide table, of which several columns are each a series. Covariates may be columns of names: each name becomes a
// covariate of its own that says whether it stands there, and TRUE and FALSE become one.
//
// Rows of a series need not be adjacent; they are sorted by time. Rows that its calendar has and the table leaves out are
// put in as missing, in a gap at most as many as the series has rows. Rows before the first value of the target are dropped.
// Missing values hold the last value before them and are marked. What was found and done is kept as notes.
#pragma once

#include <cstdint>
#include <optional>
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

// A covariate made of a column of names: 1 where `value` stands in it, in capitals or not.
struct Indicator {
  std::string name, column, value;
};

struct SeriesColumns {
  std::string target;                   // empty for a wide table
  std::string time;                     // empty for none: rows are steps 1, 2, 3 ...
  std::string series;                   // empty for a single series
  std::vector<std::string> covariates;  // their values at a time are known only from that time on
  std::vector<std::string> known;       // those of the covariates that are known in the future, such as holidays
  std::vector<std::string> each = {};   // a wide table: columns that are a series each
  bool each_of_numbers = false;         // a wide table: all columns of numbers but the time and the covariates
  // Of covariates that are columns of names. ReadSeries() puts them in place of such columns, and takes those given (of a
  // model) as they are.
  std::vector<Indicator> indicators = {};

  bool wide() const { return each_of_numbers || !each.empty(); }
};

struct SeriesReading {
  DateOrder date_order = DateOrder::kAsShown;  // of times such as 3/4/2024, where no row tells
  std::optional<Calendar> calendar;  // what a model was trained on: what is closed to it, for tables too short to tell
};

enum class SeriesNoteKind {
  kCalendar,       // the step, and what is open
  kOtherCalendar,  // series with another step or other open hours
  kFilled,         // rows put in as missing
  kLargeGap,       // larger than all others of the series
  kNotFilled,      // larger than the series is long: left as it is
  kUneven,         // rows that are no whole number of steps apart
  kClosed,         // rows where the calendar is closed
  kLeftOut,        // series without a value
  kNames,          // columns of names, as covariates
  kUnknownName,    // that no indicator stands for
};

// Something that whoever reads the table should know, as a sentence.
struct SeriesNote {
  SeriesNoteKind kind;
  size_t count = 0;  // of rows, or series
  std::string text;
};

struct Series {
  std::string name;               // empty in a table without a series column
  std::vector<double> target;     // [T]; T >= 1 and the first is observed
  std::vector<uint8_t> observed;  // [T]
  // [T + F, C]: missing values hold the last value before, and NaN before the first. Rows from T on are the future: NaN in
  // columns that are not declared known, whatever the file says.
  std::vector<double> covariates;
  std::vector<double> times;  // [T + F]
  Calendar calendar;          // on which its rows lie

  size_t size() const { return target.size(); }                   // T
  size_t future() const { return times.size() - target.size(); }  // F
  Observations all() const { return {target, observed}; }
};

struct SeriesSet {
  SeriesColumns columns;       // with indicators in place of columns of names
  TimeAxis axis;               // its calendar is that of most series
  std::vector<Series> series;  // in the order of their first rows in the file
  std::vector<uint8_t> known;  // [C]: whether a covariate is known in the future
  std::vector<SeriesNote> notes;

  size_t covariates() const { return columns.covariates.size(); }
  // The time `steps` after `time` on the calendar of one of the series.
  double TimeAfter(const Series& of, double time, size_t steps) const { return axis.Advance(of.calendar, time, steps); }
};

// Rows at the end of a series without a target are its future if a known covariate has a value in them; otherwise missing
// values. Throws Error, naming line and column, for columns that do not exist or are named twice, values that are no numbers
// or beyond +-1e30, times that cannot be read, a time that occurs twice in a series, times without a step, a row far away
// from all others, rows without a series name, columns of too many names, and where no series has a value.
SeriesSet ReadSeries(const CsvTable& table, const SeriesColumns& columns, const SeriesReading& reading = {});

// The first row of a series at or after `time`; size() when there is none. For a split by date.
size_t FirstRowFrom(const Series& series, double time);

}  // namespace eddy

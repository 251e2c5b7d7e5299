#include "data/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/excerpt.h"
#include "data/series_columns.h"
#include "data/series_rows.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Rows as they are in the table, NaN where missing, at their places on the calendar.
struct Grid {
  std::vector<double> times;
  std::vector<double> target;
  std::vector<double> covariates;  // [rows, C]
};

Grid MakeGrid(const SeriesRows& series, const std::vector<double>& target, const SeriesTable& table, const TimeAxis& axis) {
  const size_t C = table.covariates.size();
  const size_t count = series.places.back() + 1;
  Grid grid;
  grid.target.assign(count, kMissing);
  grid.covariates.assign(count * C, kMissing);
  for (size_t i = 0; i < series.rows.size(); ++i) {
    const size_t place = series.places[i];
    while (grid.times.size() < place) {
      const size_t steps = grid.times.size() - series.places[i - 1];
      grid.times.push_back(axis.Advance(series.calendar, series.times[i - 1], steps));
    }
    grid.times.push_back(series.times[i]);
    grid.target[place] = target[series.rows[i]];
    for (size_t c = 0; c < C; ++c) grid.covariates[place * C + c] = table.covariates[c][series.rows[i]];
  }
  return grid;
}

// Nothing for a series without a value.
std::optional<Series> MakeSeries(const SeriesRows& rows, const Grid& grid, const std::vector<uint8_t>& known) {
  const size_t C = known.size();
  const auto observed = [](double value) { return !std::isnan(value); };
  const auto first = std::find_if(grid.target.begin(), grid.target.end(), observed);
  if (first == grid.target.end()) return std::nullopt;
  const auto begin = static_cast<size_t>(first - grid.target.begin());
  const auto after_last =
      static_cast<size_t>(std::find_if(grid.target.rbegin(), grid.target.rend(), observed).base() - grid.target.begin());
  bool has_future = false;
  for (size_t i = after_last * C; i < grid.covariates.size(); ++i) {
    has_future = has_future || (known[i % C] && observed(grid.covariates[i]));
  }
  const size_t end = has_future ? after_last : grid.target.size();

  Series series;
  series.name = rows.name;
  series.calendar = rows.calendar;
  series.times.assign(grid.times.begin() + static_cast<std::ptrdiff_t>(begin), grid.times.end());
  for (size_t row = begin; row < end; ++row) {
    const double value = grid.target[row];
    series.observed.push_back(observed(value));
    series.target.push_back(observed(value) ? value : series.target.back());
  }
  std::vector<double> last(C, kMissing);
  for (size_t row = begin; row < grid.target.size(); ++row) {
    for (size_t c = 0; c < C; ++c) {
      const double value = grid.covariates[row * C + c];
      if (observed(value)) last[c] = value;
      series.covariates.push_back(row < end || known[c] ? last[c] : kMissing);
    }
  }
  return series;
}

}  // namespace

SeriesSet ReadSeries(const CsvTable& table, const SeriesColumns& columns, const SeriesReading& reading) {
  SeriesSet set;
  const SeriesTable read = ReadColumns(table, columns, set.notes);
  set.columns = read.columns;
  set.known = read.known;
  std::vector<SeriesRows> groups = GroupRows(table, read.series);
  set.axis = PlaceRows(table, read.time, reading, groups, set.notes);

  std::vector<std::string> empty;
  for (SeriesRows& group : groups) {
    for (const SeriesTable::Target& target : read.targets) {
      if (columns.wide()) group.name = target.name;
      std::optional<Series> series = MakeSeries(group, MakeGrid(group, target.values, read, set.axis), set.known);
      if (series) {
        set.series.push_back(std::move(*series));
      } else {
        empty.push_back(group.name);
      }
    }
  }
  if (set.series.empty()) {
    Fail("read",
         empty.size() == 1 && !empty[0].empty() ? fmt::format("{} series {}", table.source(), Excerpt(empty[0]))
                                                : table.source(),
         "a series with at least one value", "all missing");
  }
  if (!empty.empty()) {
    set.notes.push_back({SeriesNoteKind::kLeftOut, empty.size(),
                         fmt::format("{} series without a single value left out: {}.", empty.size(), ListNames(empty))});
  }
  return set;
}

size_t FirstRowFrom(const Series& series, double time) {
  const auto end = series.times.begin() + static_cast<std::ptrdiff_t>(series.size());
  return static_cast<size_t>(std::lower_bound(series.times.begin(), end, time) - series.times.begin());
}

}  // namespace eddy

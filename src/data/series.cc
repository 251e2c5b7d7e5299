#include "data/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "base/nearest.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// The table's columns by number.
struct ColumnNumbers {
  size_t target = 0;
  std::optional<size_t> time, series;
  std::vector<size_t> covariates;
};

void RequireDistinct(const SeriesColumns& columns) {
  std::vector<std::string_view> names = {columns.target};
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      Fail("series", fmt::format("column {}", Excerpt(name)), "of one use (target, time, series or covariate)",
           "named twice");
    }
    names.push_back(name);
  };
  if (!columns.time.empty()) add(columns.time);
  if (!columns.series.empty()) add(columns.series);
  for (const std::string& name : columns.covariates) add(name);
}

ColumnNumbers FindColumns(const CsvTable& table, const SeriesColumns& columns) {
  RequireDistinct(columns);
  ColumnNumbers numbers;
  numbers.target = table.Find(columns.target);
  if (!columns.time.empty()) numbers.time = table.Find(columns.time);
  if (!columns.series.empty()) numbers.series = table.Find(columns.series);
  for (const std::string& name : columns.covariates) numbers.covariates.push_back(table.Find(name));
  return numbers;
}

std::vector<uint8_t> KnownCovariates(const SeriesColumns& columns) {
  std::vector<uint8_t> known(columns.covariates.size(), 0);
  for (const std::string& name : columns.known) {
    const auto found = std::find(columns.covariates.begin(), columns.covariates.end(), name);
    if (found == columns.covariates.end()) {
      const std::string nearest =
          Nearest(name, std::vector<std::string_view>(columns.covariates.begin(), columns.covariates.end()));
      Fail("series", "what is known in the future", "one of the covariates",
           Excerpt(name) + (nearest.empty() ? "" : fmt::format(" (did you mean {}?)", Excerpt(nearest))));
    }
    known[static_cast<size_t>(found - columns.covariates.begin())] = 1;
  }
  return known;
}

// The rows of one series, in the order of the table, then of time.
struct Rows {
  std::string name;
  std::vector<size_t> rows;
  std::vector<double> times;  // of the rows
};

std::vector<Rows> GroupRows(const CsvTable& table, std::optional<size_t> series_column) {
  std::vector<Rows> groups;
  if (!series_column) {
    Rows& all = groups.emplace_back();
    all.rows.resize(table.rows());
    std::iota(all.rows.begin(), all.rows.end(), size_t{0});
    return groups;
  }
  std::unordered_map<std::string_view, size_t> found;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string_view name = table.cell(row, *series_column);
    if (name.empty()) {
      Fail("read",
           fmt::format("{} line {} column {}", table.source(), table.line(row), Excerpt(table.names()[*series_column])),
           "the name of a series", "empty");
    }
    const auto [entry, fresh] = found.emplace(name, groups.size());
    if (fresh) groups.emplace_back().name = name;
    groups[entry->second].rows.push_back(row);
  }
  return groups;
}

// Sorts the rows of each series by time, and finds the step between them.
TimeAxis SortByTime(const CsvTable& table, size_t column, std::vector<Rows>& groups) {
  std::vector<std::string_view> cells(table.rows());
  std::vector<size_t> lines(table.rows());
  for (size_t row = 0; row < table.rows(); ++row) {
    cells[row] = table.cell(row, column);
    lines[row] = table.line(row);
  }
  TimeAxis axis = TimeAxis::Detect(cells, table.names()[column], table.source(), lines);

  std::vector<double> times(table.rows());
  for (size_t row = 0; row < table.rows(); ++row) times[row] = *axis.Parse(cells[row]);
  std::vector<std::vector<double>> sorted;
  for (Rows& group : groups) {
    std::stable_sort(group.rows.begin(), group.rows.end(), [&](size_t a, size_t b) { return times[a] < times[b]; });
    std::vector<double>& group_times = sorted.emplace_back();
    for (const size_t row : group.rows) {
      if (!group_times.empty() && times[row] <= group_times.back()) {
        Fail("read", fmt::format("{} line {} column {}", table.source(), lines[row], Excerpt(table.names()[column])),
             group.name.empty() ? "a time that occurs once"
                                : fmt::format("a time that occurs once in series {}", Excerpt(group.name)),
             fmt::format("{} again", Excerpt(cells[row])));
      }
      group_times.push_back(times[row]);
    }
  }
  axis.DetectStep(sorted);
  for (size_t i = 0; i < groups.size(); ++i) groups[i].times = std::move(sorted[i]);
  return axis;
}

// The place of each row on the axis, counted from the first; the rows' order where their times do not fit the step, or
// leave out more rows than there are.
std::vector<size_t> Places(const Rows& rows, const TimeAxis& axis) {
  std::vector<size_t> order(rows.rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<size_t> places;
  for (const double time : rows.times) {
    const std::optional<size_t> place = axis.StepsBetween(rows.times.front(), time);
    if (!place || *place >= 2 * order.size()) return order;
    places.push_back(*place);
  }
  return places;
}

// Rows as they are in the table, NaN where missing, at their places on the axis.
struct Grid {
  std::vector<double> times;
  std::vector<double> target;
  std::vector<double> covariates;  // [rows, C]
};

Grid ReadGrid(const CsvTable& table, const ColumnNumbers& columns, const Rows& rows, const TimeAxis& axis) {
  const size_t C = columns.covariates.size();
  const std::vector<size_t> places = Places(rows, axis);
  const size_t count = places.back() + 1;
  Grid grid;
  grid.target.assign(count, kMissing);
  grid.covariates.assign(count * C, kMissing);
  for (size_t place = 0; place < count; ++place) grid.times.push_back(axis.Advance(rows.times.front(), place));
  for (size_t i = 0; i < places.size(); ++i) {
    const size_t place = places[i];
    grid.times[place] = rows.times[i];
    grid.target[place] = table.Number(rows.rows[i], columns.target);
    for (size_t c = 0; c < C; ++c) grid.covariates[place * C + c] = table.Number(rows.rows[i], columns.covariates[c]);
  }
  return grid;
}

Series MakeSeries(const std::string& name, const Grid& grid, const std::vector<uint8_t>& known, const CsvTable& table) {
  const size_t C = known.size();
  const auto observed = [](double value) { return !std::isnan(value); };
  const auto first = std::find_if(grid.target.begin(), grid.target.end(), observed);
  if (first == grid.target.end()) {
    Fail("read", name.empty() ? table.source() : fmt::format("{} series {}", table.source(), Excerpt(name)),
         "a series with at least one value", "all missing");
  }
  const auto begin = static_cast<size_t>(first - grid.target.begin());
  const auto after_last =
      static_cast<size_t>(std::find_if(grid.target.rbegin(), grid.target.rend(), observed).base() - grid.target.begin());
  bool has_future = false;
  for (size_t i = after_last * C; i < grid.covariates.size(); ++i) {
    has_future = has_future || (known[i % C] && observed(grid.covariates[i]));
  }
  const size_t end = has_future ? after_last : grid.target.size();

  Series series;
  series.name = name;
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

SeriesSet ReadSeries(const CsvTable& table, const SeriesColumns& columns) {
  SeriesSet set;
  set.columns = columns;
  set.known = KnownCovariates(columns);
  const ColumnNumbers numbers = FindColumns(table, columns);
  std::vector<Rows> groups = GroupRows(table, numbers.series);
  if (numbers.time) {
    set.axis = SortByTime(table, *numbers.time, groups);
  } else {
    for (Rows& group : groups) {
      for (size_t i = 1; i <= group.rows.size(); ++i) group.times.push_back(static_cast<double>(i));
    }
  }
  for (const Rows& group : groups) {
    set.series.push_back(MakeSeries(group.name, ReadGrid(table, numbers, group, set.axis), set.known, table));
  }
  return set;
}

size_t FirstRowFrom(const Series& series, double time) {
  const auto end = series.times.begin() + static_cast<std::ptrdiff_t>(series.size());
  return static_cast<size_t>(std::lower_bound(series.times.begin(), end, time) - series.times.begin());
}

}  // namespace eddy

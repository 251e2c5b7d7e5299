#include "data/series_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/ascii.h"
#include "base/nearest.h"
#include "data/excerpt.h"
#include "data/number_column.h"
#include "data/series_rows.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kMost = 1e30;  // a value, so that squares of errors are numbers, too
constexpr size_t kMostNames = 64;

// "none" is a name like others where there are names.
bool IsNameMissing(const std::string& lower) { return lower != "none" && IsMissing(lower); }

void RequireDistinct(const SeriesColumns& columns) {
  std::vector<std::string_view> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      Fail("series", fmt::format("column {}", Excerpt(name)), "of one use (target, time, series or covariate)",
           "named twice");
    }
    names.push_back(name);
  };
  if (!columns.wide()) add(columns.target);
  for (const std::string& name : columns.each) add(name);
  if (!columns.time.empty()) add(columns.time);
  if (!columns.series.empty()) add(columns.series);
  for (const std::string& name : columns.covariates) add(name);
}

void RequireKnown(const SeriesColumns& columns) {
  for (const std::string& name : columns.known) {
    if (std::find(columns.covariates.begin(), columns.covariates.end(), name) != columns.covariates.end()) continue;
    const std::string nearest =
        Nearest(name, std::vector<std::string_view>(columns.covariates.begin(), columns.covariates.end()));
    Fail("series", "what is known in the future", "one of the covariates",
         Excerpt(name) + (nearest.empty() ? "" : fmt::format(" (did you mean {}?)", Excerpt(nearest))));
  }
}

std::vector<double> ReadValues(const CsvTable& table, size_t column) {
  std::vector<double> values = ReadNumbers(table, column);
  for (size_t row = 0; row < values.size(); ++row) {
    if (!(std::abs(values[row]) > kMost)) continue;
    Fail("read", fmt::format("{} line {} column {}", table.source(), table.line(row), Excerpt(table.names()[column])),
         "a number between -1e30 and 1e30", Excerpt(table.cell(row, column)));
  }
  return values;
}

// Reads the columns of one table.
class Columns {
 public:
  Columns(const CsvTable& table, const SeriesColumns& columns, std::vector<SeriesNote>& notes)
      : table_(table), given_(columns), notes_(notes) {}

  SeriesTable Read() {
    RequireDistinct(given_);
    RequireKnown(given_);
    Require(!given_.wide() || given_.series.empty(), "series", "a table of which each column is a series",
            "without a column that tells series apart", "given one");
    read_.columns = given_;
    read_.columns.covariates.clear();
    read_.columns.known.clear();
    if (!given_.time.empty()) read_.time = table_.Find(given_.time);
    if (!given_.series.empty()) read_.series = table_.Find(given_.series);
    FindTargets();
    for (const std::string& name : given_.covariates) ReadCovariate(name);
    CountUnknownNames();
    return std::move(read_);
  }

 private:
  void FindTargets() {
    std::vector<std::string> names = given_.each;
    if (!given_.wide()) names = {given_.target};
    if (given_.each_of_numbers) AddColumnsOfNumbers(names);
    for (const std::string& name : names) read_.targets.push_back({name, ReadValues(table_, table_.Find(name))});
  }

  void AddColumnsOfNumbers(std::vector<std::string>& names) const {
    const auto used = [&](const std::string& name) {
      const auto is_in = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
      };
      const bool indicator = std::any_of(given_.indicators.begin(), given_.indicators.end(),
                                         [&](const Indicator& each) { return each.column == name; });
      return name == given_.time || is_in(given_.covariates) || is_in(names) || indicator;
    };
    std::vector<std::string> found;
    for (size_t column = 0; column < table_.columns(); ++column) {
      const std::string& name = table_.names()[column];
      if (!used(name) && HasNumbers(table_, column)) found.push_back(name);
    }
    names.insert(names.end(), found.begin(), found.end());
    Require(!names.empty(), "series", table_.source(), "a table with columns of numbers beside the time", "without any");
  }

  void ReadCovariate(const std::string& name) {
    const bool known = std::find(given_.known.begin(), given_.known.end(), name) != given_.known.end();
    const auto indicator = std::find_if(given_.indicators.begin(), given_.indicators.end(),
                                        [&](const Indicator& each) { return each.name == name; });
    if (indicator != given_.indicators.end()) {
      Add(name, known, IndicatorOf(table_.Find(indicator->column), indicator->value));
      return;
    }
    const size_t column = table_.Find(name);
    if (HasNumbers(table_, column)) {
      Add(name, known, ReadValues(table_, column));
    } else {
      AddNames(name, column, known);
    }
  }

  void Add(const std::string& name, bool known, std::vector<double> values) {
    read_.columns.covariates.push_back(name);
    if (known) read_.columns.known.push_back(name);
    read_.known.push_back(known);
    read_.covariates.push_back(std::move(values));
  }

  // A covariate for each name of a column; one for TRUE and FALSE, and for yes and no.
  void AddNames(const std::string& name, size_t column, bool known) {
    std::map<std::string, std::string> names;  // in small letters, and as they are
    for (size_t row = 0; row < table_.rows(); ++row) {
      const std::string lower = Lower(table_.cell(row, column));
      if (!IsNameMissing(lower)) names.emplace(lower, table_.cell(row, column));
      if (names.size() <= kMostNames) continue;
      Fail("read", fmt::format("{} line {} column {}", table_.source(), table_.line(row), Excerpt(name)),
           fmt::format("a number, or one of at most {} names", kMostNames), "yet another name");
    }
    const auto only = [&](const char* yes, const char* no) {
      return names.size() <= 2 && std::all_of(names.begin(), names.end(),
                                              [&](const auto& each) { return each.first == yes || each.first == no; });
    };
    for (const auto& [yes, no] : {std::pair("true", "false"), {"yes", "no"}, {"t", "f"}, {"y", "n"}}) {
      if (!only(yes, no)) continue;
      AddIndicator({name, name, yes}, column, known);
      return;
    }
    std::vector<std::string> listed;
    for (const auto& [lower, written] : names) {
      AddIndicator({fmt::format("{}={}", name, written), name, lower}, column, known);
      listed.push_back(written);
    }
    notes_.push_back(
        {SeriesNoteKind::kNames, names.size(),
         fmt::format("Column {} is of {} names, each a covariate: {}.", name, names.size(), ListNames(listed))});
  }

  void AddIndicator(const Indicator& indicator, size_t column, bool known) {
    read_.columns.indicators.push_back(indicator);
    Add(indicator.name, known, IndicatorOf(column, indicator.value));
  }

  std::vector<double> IndicatorOf(size_t column, const std::string& value) const {
    const std::string looked_for = Lower(value);
    std::vector<double> values;
    for (size_t row = 0; row < table_.rows(); ++row) {
      const std::string lower = Lower(table_.cell(row, column));
      values.push_back(IsNameMissing(lower) ? std::numeric_limits<double>::quiet_NaN() : lower == looked_for ? 1 : 0);
    }
    return values;
  }

  // Of the columns that a model has indicators for.
  void CountUnknownNames() {
    std::map<std::string, std::vector<std::string>> values;  // of each column
    for (const Indicator& each : given_.indicators) values[each.column].push_back(Lower(each.value));
    for (const auto& [name, known] : values) {
      if (known.size() == 1) continue;  // TRUE: anything else is not
      const size_t column = table_.Find(name);
      size_t unknown = 0, first = 0;
      for (size_t row = 0; row < table_.rows(); ++row) {
        const std::string lower = Lower(table_.cell(row, column));
        if (IsNameMissing(lower) || std::find(known.begin(), known.end(), lower) != known.end()) continue;
        if (unknown++ == 0) first = row;
      }
      if (unknown == 0) continue;
      notes_.push_back({SeriesNoteKind::kUnknownName, unknown,
                        fmt::format("{} rows of column {} have a name that the model does not know, such as {} (line {}).",
                                    unknown, name, Excerpt(table_.cell(first, column)), table_.line(first))});
    }
  }

  const CsvTable& table_;
  const SeriesColumns& given_;
  std::vector<SeriesNote>& notes_;
  SeriesTable read_;
};

}  // namespace

SeriesTable ReadColumns(const CsvTable& table, const SeriesColumns& columns, std::vector<SeriesNote>& notes) {
  return Columns(table, columns, notes).Read();
}

}  // namespace eddy

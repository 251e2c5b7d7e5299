#include "data/example_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/counted.h"
#include "data/example_builder.h"
#include "data/excerpt.h"
#include "data/numbered_columns.h"
#include "data/row_order.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// The numbers of a cell: one, as the table reads it, or several with spaces between them.
std::vector<double> Numbers(const CsvTable& table, size_t row, size_t column) {
  std::string_view rest = table.cell(row, column);
  if (rest.find(' ') == std::string_view::npos) return {table.Number(row, column)};
  std::vector<double> numbers;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) return numbers;
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    const std::optional<double> number = ParseNumber(word);
    if (!number && !IsMissing(word)) {
      Fail("read", fmt::format("{} line {} column {}", table.source(), table.line(row), Excerpt(table.names()[column])),
           "of finite numbers with spaces between them", "with " + Excerpt(word));
    }
    numbers.push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
}

// Of a row, the numbers in these columns, or in each step that of the only one.
std::vector<double> StepsOf(const CsvTable& table, size_t row, const std::vector<size_t>& columns, size_t steps) {
  std::vector<double> numbers;
  for (const size_t column : columns) numbers.push_back(table.Number(row, column));
  if (numbers.size() == 1) numbers.resize(steps, numbers.front());
  return numbers;
}

std::optional<size_t> FindIfNamed(const CsvTable& table, const std::string& name) {
  return name.empty() ? std::nullopt : std::optional(table.Find(name));
}

double Time(const CsvTable& table, size_t row, size_t column) {
  const std::optional<double> time = TimeKey(table.cell(row, column));
  if (!time) {
    Fail("read", fmt::format("{} line {} column {}", table.source(), table.line(row), Excerpt(table.names()[column])),
         "a number or a date", Excerpt(table.cell(row, column)));
  }
  return *time;
}

std::string FormatName(const CsvTable& table, const ExampleFields& fields) {
  const std::string separator = table.separator() == '\t' ? "tabs" : fmt::format("\"{}\"", table.separator());
  return fmt::format("a table of {} between {}{}", Counted(table.columns(), "column"), separator,
                     fields.series.empty() ? "" : ", a step a row");
}

}  // namespace

ExampleSet ParseExampleTable(std::string_view text, std::string_view source, const ExampleFields& fields, char separator) {
  return ExamplesOf(ParseCsv(text, source, {separator, fields.header, fields.bad_lines}), fields);
}

ExampleSet ExamplesOf(const CsvTable& table, const ExampleFields& fields) {
  const auto sentence = FindIfNamed(table, fields.text), label = FindIfNamed(table, fields.label),
             series = FindIfNamed(table, fields.series), time = FindIfNamed(table, fields.time);
  std::vector<std::vector<size_t>> columns;  // of the table, for each that is read
  for (const std::string& name : fields.columns) {
    if (fields.steps.empty()) columns.push_back({table.Find(name)});
  }
  size_t steps = 1;  // in columns
  for (const std::vector<std::string>& names : fields.steps) {
    std::vector<size_t>& places = columns.emplace_back();
    for (const std::string& name : names) places.push_back(table.Find(name));
    steps = std::max(steps, places.size());
  }
  if (series && !time) {
    std::vector<size_t> used;
    for (const std::vector<size_t>& places : columns) used.insert(used.end(), places.begin(), places.end());
    if (label) used.push_back(*label);
    RequireOrder(table, *series, used);
  }

  ExampleBuilder builder(fields, table.source(), table.sieve());
  if (sentence) builder.ReserveSentences(table.rows(), table.bytes());
  for (size_t i = 0; i < table.rows(); ++i) {
    builder.sieve().Check([&] {
      ExampleRow row;
      row.place = fmt::format("{} line {}", table.source(), table.line(i));
      if (sentence) row.text = table.cell(i, *sentence);
      if (label) row.label = table.cell(i, *label);
      if (series) row.series = table.cell(i, *series);
      if (time) row.time = Time(table, i, *time);
      for (const std::vector<size_t>& places : columns) {
        row.values.push_back(fields.steps.empty() ? Numbers(table, i, places.front()) : StepsOf(table, i, places, steps));
      }
      builder.Add(row);
    });
  }
  ExampleSet set = std::move(builder).Finish(FormatName(table, fields));
  if (!fields.steps.empty())
    set.reading.notes.push_back("a row is a series: " + DescribeSteps(fields.columns, fields.steps));
  return set;
}

}  // namespace eddy

#include "data/example_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// Puts the columns side by side: [T, D].
void AppendSteps(const ExampleRow& row, std::vector<double>& values) {
  const size_t steps = row.values.front().size();
  for (const std::vector<double>& column : row.values) {
    if (column.size() == steps) continue;
    Fail("read", row.place, "of as many numbers in every column", fmt::format("of {} and {}", steps, column.size()));
  }
  for (size_t t = 0; t < steps; ++t) {
    for (const std::vector<double>& column : row.values) values.push_back(column[t]);
  }
}

void FillMissing(std::vector<double>& values, size_t columns) {
  for (size_t i = columns; i < values.size(); ++i) {
    if (std::isnan(values[i])) values[i] = values[i - columns];
  }
}

}  // namespace

ExampleBuilder::ExampleBuilder(const ExampleFields& fields, std::string_view source) : fields_(fields) {
  set_.source = source;
  set_.columns = fields.columns;
}

Example& ExampleBuilder::ExampleOf(const ExampleRow& row) {
  if (!fields_.series.empty()) {
    Require(!row.series.empty(), "read", row.place, "with the name of a series", "without");
    const auto [entry, fresh] = series_.emplace(row.series, set_.size());
    if (!fresh) return set_.examples[entry->second];
  }
  Example& example = set_.examples.emplace_back();
  example.place = row.place;
  example.label = row.label;
  return example;
}

void ExampleBuilder::Add(ExampleRow row) {
  if (!fields_.label.empty() && row.label.empty()) Fail("read", row.place, "with a label", "without");
  Example& example = ExampleOf(row);
  if (example.label != row.label) {
    Fail("read", row.place, fmt::format("labelled as its series was before, {}", Excerpt(example.label)),
         Excerpt(row.label));
  }
  if (fields_.is_text()) {
    example.text = std::move(row.text);
    return;
  }
  if (set_.columns.empty()) {  // all that there are
    for (size_t i = 0; i < row.values.size(); ++i) set_.columns.push_back(std::to_string(i + 1));
  }
  if (row.values.size() != set_.columns.size()) {
    Fail("read", row.place, fmt::format("of {} columns", set_.columns.size()), fmt::format("of {}", row.values.size()));
  }
  AppendSteps(row, example.values);
}

ExampleSet ExampleBuilder::Finish() && {
  Require(!set_.examples.empty(), "read", set_.source, "a file with examples", "without");
  for (Example& example : set_.examples) {
    if (fields_.is_text()) break;
    const bool known = std::any_of(example.values.begin(), example.values.end(), [](double x) { return !std::isnan(x); });
    Require(known, "read", example.place, "a series with a value", "without");
    FillMissing(example.values, set_.columns.size());
  }
  return std::move(set_);
}

}  // namespace eddy

#include "data/example_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/counted.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

void RequireEqualLengths(const ExampleRow& row) {
  const size_t steps = row.values.front().size();
  for (const std::vector<double>& column : row.values) {
    if (column.size() == steps) continue;
    Fail("read", row.place, "of as many numbers in every column", fmt::format("of {} and {}", steps, column.size()));
  }
}

// Puts the columns side by side: [T, D].
void AppendSteps(const ExampleRow& row, std::vector<double>& values) {
  const size_t steps = row.values.front().size();
  for (size_t t = 0; t < steps; ++t) {
    for (const std::vector<double>& column : row.values) values.push_back(column[t]);
  }
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }  // within a character

void FillMissing(std::vector<double>& values, size_t columns) {
  for (size_t i = columns; i < values.size(); ++i) {
    if (std::isnan(values[i])) values[i] = values[i - columns];
  }
}

}  // namespace

ExampleBuilder::ExampleBuilder(const ExampleFields& fields, std::string_view source, LineSieve sieve)
    : fields_(fields), sieve_(std::move(sieve)) {
  set_.source = source;
  set_.columns = fields.columns;
}

Example& ExampleBuilder::ExampleOf(const ExampleRow& row) {
  if (!fields_.series.empty()) {
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
  RequireNoZero(row.label, row.place);
  RequireNoZero(row.text, row.place);
  if (!fields_.series.empty()) {
    Require(!row.series.empty(), "read", row.place, "with the name of a series", "without");
    const auto begun = series_.find(row.series);
    if (begun != series_.end() && set_.examples[begun->second].label != row.label) {
      Fail("read", row.place,
           fmt::format("labelled as its series was before, {}", Excerpt(set_.examples[begun->second].label)),
           Excerpt(row.label));
    }
  }
  if (fields_.is_text()) {
    ExampleOf(row).text = std::move(row.text);
    return;
  }
  Require(!row.values.empty(), "read", row.place, "with columns of numbers", "without");
  RequireEqualLengths(row);
  if (!set_.columns.empty() && row.values.size() != set_.columns.size()) {
    Fail("read", row.place, "of " + Counted(set_.columns.size(), "column"), fmt::format("of {}", row.values.size()));
  }
  if (set_.columns.empty()) {  // all that there are
    for (size_t i = 0; i < row.values.size(); ++i) set_.columns.push_back(std::to_string(i + 1));
  }
  Example& example = ExampleOf(row);
  AppendSteps(row, example.values);
  if (fields_.time.empty()) return;
  times_.resize(set_.size());
  const auto i = static_cast<size_t>(&example - set_.examples.data());
  times_[i].resize(set_.steps(i), row.time);
}

void ExampleBuilder::SortByTime() {
  size_t sorted = 0;
  for (size_t i = 0; i < times_.size(); ++i) {
    const std::vector<double>& times = times_[i];
    if (std::is_sorted(times.begin(), times.end())) continue;
    ++sorted;
    std::vector<size_t> order(times.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return times[a] < times[b]; });
    std::vector<double>& values = set_.examples[i].values;
    const size_t columns = set_.columns.size();
    std::vector<double> ordered;
    ordered.reserve(values.size());
    for (const size_t t : order) {
      const auto step = values.begin() + static_cast<ptrdiff_t>(t * columns);
      ordered.insert(ordered.end(), step, step + static_cast<ptrdiff_t>(columns));
    }
    values = std::move(ordered);
  }
  if (sorted == 0) return;
  set_.reading.notes.push_back(
      fmt::format("the rows of {} of {} series were put in the order of {}", sorted, set_.size(), Excerpt(fields_.time)));
}

void ExampleBuilder::CutLongOnes() {
  const size_t most = kMostExampleSteps * set_.columns.size();
  size_t cut = 0;
  for (Example& example : set_.examples) {
    if (fields_.is_text() && example.text.size() > kMostExampleBytes) {
      size_t end = kMostExampleBytes;
      while (IsContinuation(example.text[end])) --end;
      example.text.resize(end);
      ++cut;
    } else if (!fields_.is_text() && example.values.size() > most) {
      example.values.resize(most);
      ++cut;
    } else {
      continue;
    }
    example.text.shrink_to_fit();
    example.values.shrink_to_fit();
  }
  if (cut == 0) return;
  const std::string limit = fields_.is_text() ? Counted(kMostExampleBytes, "byte") : Counted(kMostExampleSteps, "step");
  set_.reading.notes.push_back(
      fmt::format("of {}, longer than {}, only the beginning is read", Counted(cut, "example"), limit));
}

ExampleSet ExampleBuilder::Finish(std::string format) && {
  SortByTime();
  CutLongOnes();
  if (!fields_.is_text()) {
    std::erase_if(set_.examples, [&](const Example& example) {
      return !sieve_.Check([&] {
        const std::vector<double>& values = example.values;
        const bool known = std::any_of(values.begin(), values.end(), [](double x) { return !std::isnan(x); });
        Require(known, "read", example.place, "a series with a value", "without");
      });
    });
    for (Example& example : set_.examples) FillMissing(example.values, set_.columns.size());
  }
  set_.reading.skipped = sieve_.Finish();
  set_.reading.format = std::move(format);
  Require(!set_.examples.empty(), "read", set_.source, "a file with examples", "without");
  return std::move(set_);
}

}  // namespace eddy

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
    : fields_(fields), sieve_(std::move(sieve)), set_(std::string(source), fields.columns) {}

void ExampleBuilder::RequireLabel(const ExampleRow& row) const {
  if (!fields_.label.empty() && row.label.empty()) Fail("read", row.place, "with a label", "without");
  RequireNoZero(row.label, row.place);
  if (fields_.series.empty()) return;
  Require(!row.series.empty(), "read", row.place, "with the name of a series", "without");
  const auto begun = begun_.find(row.series);
  if (begun == begun_.end() || series_[begun->second].label == row.label) return;
  Fail("read", row.place, fmt::format("labelled as its series was before, {}", Excerpt(series_[begun->second].label)),
       Excerpt(row.label));
}

ExampleBuilder::Series& ExampleBuilder::SeriesOf(const ExampleRow& row) {
  if (!fields_.series.empty()) {
    const auto [entry, fresh] = begun_.emplace(row.series, series_.size());
    if (!fresh) return series_[entry->second];
  }
  return series_.emplace_back(Series{{}, {}, row.label, row.place});
}

void ExampleBuilder::AddSentence(const ExampleRow& row) {
  RequireNoZero(row.text, row.place);
  std::string_view text = row.text;
  if (text.size() > kMostExampleBytes) {
    size_t end = kMostExampleBytes;
    while (IsContinuation(text[end])) --end;
    text = text.substr(0, end);
    ++cut_;
  }
  set_.AddSentence(text, row.label, row.place);
}

void ExampleBuilder::Add(const ExampleRow& row) {
  RequireLabel(row);
  if (fields_.is_text()) return AddSentence(row);
  Require(!row.values.empty(), "read", row.place, "with columns of numbers", "without");
  RequireEqualLengths(row);
  if (!set_.columns.empty() && row.values.size() != set_.columns.size()) {
    Fail("read", row.place, "of " + Counted(set_.columns.size(), "column"), fmt::format("of {}", row.values.size()));
  }
  if (set_.columns.empty()) {  // all that there are
    for (size_t i = 0; i < row.values.size(); ++i) set_.columns.push_back(std::to_string(i + 1));
  }
  Series& series = SeriesOf(row);
  AppendSteps(row, series.values);
  if (!fields_.time.empty()) series.times.resize(series.values.size() / set_.columns.size(), row.time);
}

void ExampleBuilder::SortByTime() {
  size_t sorted = 0;
  for (Series& series : series_) {
    const std::vector<double>& times = series.times;
    if (std::is_sorted(times.begin(), times.end())) continue;
    ++sorted;
    std::vector<size_t> order(times.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return times[a] < times[b]; });
    const size_t columns = set_.columns.size();
    std::vector<double> ordered;
    ordered.reserve(series.values.size());
    for (const size_t t : order) {
      const auto step = series.values.begin() + static_cast<ptrdiff_t>(t * columns);
      ordered.insert(ordered.end(), step, step + static_cast<ptrdiff_t>(columns));
    }
    series.values = std::move(ordered);
  }
  if (sorted == 0) return;
  set_.reading.notes.push_back(
      fmt::format("the rows of {} of {} series were put in the order of {}", sorted, series_.size(), Excerpt(fields_.time)));
}

void ExampleBuilder::TellCut(size_t cut, const std::string& limit) {
  if (cut == 0) return;
  set_.reading.notes.push_back(
      fmt::format("of {}, longer than {}, only the beginning is read", Counted(cut, "example"), limit));
}

void ExampleBuilder::FinishSeries() {
  SortByTime();
  const size_t most = kMostExampleSteps * set_.columns.size();
  size_t cut = 0;
  for (Series& series : series_) {
    std::vector<double> values = std::move(series.values);
    if (values.size() > most) {
      values.resize(most);
      ++cut;
    }
    sieve_.Check([&] {
      const bool known = std::any_of(values.begin(), values.end(), [](double x) { return !std::isnan(x); });
      Require(known, "read", series.place, "a series with a value", "without");
      FillMissing(values, set_.columns.size());
      set_.AddSeries(values, series.label, series.place);
    });
  }
  TellCut(cut, Counted(kMostExampleSteps, "step"));
}

ExampleSet ExampleBuilder::Finish(std::string format) && {
  fields_.is_text() ? TellCut(cut_, Counted(kMostExampleBytes, "byte")) : FinishSeries();
  set_.reading.skipped = sieve_.Finish();
  set_.reading.format = std::move(format);
  Require(set_.size() > 0, "read", set_.source, "a file with examples", "without");
  return std::move(set_);
}

}  // namespace eddy

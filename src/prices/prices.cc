#include "prices/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kLeastMeasure = 1e-4;  // percent squared: a day without a move, at a hundredth of a percent

SeriesColumns TableColumns(const PriceColumns& columns) {
  SeriesColumns table{columns.price, columns.time, columns.series, {}, {}};
  if (columns.ranges() > 0) table.covariates = {columns.high, columns.low};
  table.covariates.insert(table.covariates.end(), columns.realised.begin(), columns.realised.end());
  table.covariates.insert(table.covariates.end(), columns.covariates.begin(), columns.covariates.end());
  return table;
}

class Reader {
 public:
  Reader(const SeriesSet& set, const PriceColumns& columns, const std::string& source)
      : set_(set), columns_(columns), source_(source) {}

  ReturnSeries Read(const Series& series) const {
    std::vector<size_t> rows;
    for (size_t row = 0; row < series.size(); ++row) {
      if (!series.observed[row]) continue;
      RequireAboveZero(series, row, columns_.price, series.target[row]);
      rows.push_back(row);
    }
    ReturnSeries returns;
    returns.name = series.name;
    for (size_t i = 1; i < rows.size(); ++i) {
      returns.times.push_back(series.times[rows[i]]);
      returns.returns.push_back(100 * std::log(series.target[rows[i]] / series.target[rows[i - 1]]));
    }
    rows.erase(rows.begin());
    for (size_t m = 0; m < columns_.measures(); ++m) AddMeasure(series, rows, m, returns);
    const size_t first = 2 * columns_.ranges() + columns_.realised.size();
    for (size_t c = 0; c < columns_.covariates.size(); ++c) {
      for (const size_t row : rows) {
        const double value = Extra(series, row, first + c);
        returns.covariates.push_back(std::isnan(value) ? 0 : value);
      }
    }
    const double last = rows.empty() ? series.times.front() : series.times[rows.back()];
    returns.next = set_.TimeAfter(series, last, 1);
    return returns;
  }

 private:
  double Extra(const Series& series, size_t row, size_t column) const {
    return series.covariates[row * set_.covariates() + column];
  }

  void RequireAboveZero(const Series& series, size_t row, const std::string& column, double value) const {
    if (value > 0) return;
    Fail("read",
         fmt::format("{}, column \"{}\"{} at {}", source_, column,
                     series.name.empty() ? "" : fmt::format(", series \"{}\",", series.name),
                     set_.axis.Format(series.times[row])),
         "above 0", fmt::format("{}", value));
  }

  // The variance that a day's range shows, NaN where it is missing (Parkinson 1980, equation 4).
  double RangeVariance(const Series& series, size_t row) const {
    const double high = Extra(series, row, 0), low = Extra(series, row, 1);
    if (std::isnan(high) || std::isnan(low)) return std::nan("");
    RequireAboveZero(series, row, columns_.low, low);
    if (high < low) {
      Fail("read", fmt::format("{}, column \"{}\" at {}", source_, columns_.high, set_.axis.Format(series.times[row])),
           fmt::format("at least the low, {}", low), fmt::format("{}", high));
    }
    const double range = 100 * std::log(high / low);
    return range * range / (4 * std::numbers::ln2);
  }

  void AddMeasure(const Series& series, std::span<const size_t> rows, size_t m, ReturnSeries& to) const {
    double last = std::nan("");
    for (size_t i = 0; i < rows.size(); ++i) {
      double value = 0;
      if (m < columns_.ranges()) {
        value = RangeVariance(series, rows[i]);
      } else {
        value = Extra(series, rows[i], columns_.ranges() + m);  // behind high and low
        if (!std::isnan(value)) RequireAboveZero(series, rows[i], columns_.realised[m - columns_.ranges()], value);
      }
      if (!std::isnan(value)) last = value;
      to.measures.push_back(std::max(kLeastMeasure, std::isnan(last) ? to.returns[i] * to.returns[i] : last));
    }
  }

  const SeriesSet& set_;
  const PriceColumns& columns_;
  const std::string& source_;
};

}  // namespace

PriceSet ReadPrices(std::string_view text, const std::string& source, const PriceColumns& columns) {
  const SeriesSet set = ReadSeries(ParseCsv(text, source), TableColumns(columns));
  const Reader reader(set, columns, source);
  PriceSet prices{columns, set.axis, {}};
  if (!set.columns.indicators.empty()) {
    Fail("read", fmt::format("{}, column \"{}\"", source, set.columns.indicators.front().column), "of numbers", "of names");
  }
  for (const Series& series : set.series) prices.series.push_back(reader.Read(series));
  return prices;
}

std::vector<double> ReturnSeries::LogMeasure(size_t m) const {
  std::vector<double> logs;
  for (const double value : measure(m)) logs.push_back(std::log(value));
  return logs;
}

double ParseFrom(const PriceSet& prices, const std::string& from) {
  const std::optional<double> time = prices.axis.Parse(from);
  if (!time) Fail("read", "--from", "a time like those of the time column", Quoted(from));
  return *time;
}

size_t FirstReturnFrom(const ReturnSeries& series, double time) {
  return static_cast<size_t>(std::lower_bound(series.times.begin(), series.times.end(), time) - series.times.begin());
}

Json ToJson(const PriceColumns& columns) {
  return {
      {"price", columns.price}, {"time", columns.time},         {"series", columns.series},        {"high", columns.high},
      {"low", columns.low},     {"realised", columns.realised}, {"covariates", columns.covariates}};
}

PriceColumns PriceColumnsFromJson(const Json& json) {
  PriceColumns columns = {StringField(json, "price"),      StringField(json, "time"), StringField(json, "series"),
                          StringField(json, "high"),       StringField(json, "low"),  StringsField(json, "realised"),
                          StringsField(json, "covariates")};
  if (columns.high.empty() != columns.low.empty()) Fail("stored description", "\"high\" and \"low\"", "both", "one");
  return columns;
}

}  // namespace eddy

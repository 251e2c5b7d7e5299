// Prices as returns, and what stands beside them in their rows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "data/series.h"
#include "model/json.h"

namespace eddy {

struct PriceColumns {
  std::string price, time, series;  // time and series may be empty
  std::string high, low;            // both or neither
  std::vector<std::string> realised, covariates;

  size_t ranges() const { return high.empty() ? 0 : 1; }
  size_t measures() const { return ranges() + realised.size(); }  // M: daily measures of variance
};

// Rows whose price is missing are left out: days without a trade. T returns of T + 1 prices.
struct ReturnSeries {
  std::string name;
  std::vector<double> times;       // [T]
  std::vector<double> returns;     // [T], 100 times the difference of logarithms
  std::vector<double> measures;    // [M, T] in percent squared: that of the range (Parkinson 1980), then realised variances
  std::vector<double> covariates;  // [C, T]; missing values hold the last one before, and 0 before the first
  double next = 0;                 // the time that follows

  size_t size() const { return returns.size(); }
  std::span<const double> measure(size_t m) const { return std::span(measures).subspan(m * size(), size()); }
  std::vector<double> LogMeasure(size_t m) const;  // [T]
  std::span<const double> covariate(size_t c) const { return std::span(covariates).subspan(c * size(), size()); }
};

struct PriceSet {
  PriceColumns columns;
  TimeAxis axis;
  std::vector<ReturnSeries> series;
};

// Where a measure of variance is missing, the last one stands for it, and before the first the squared return. Throws Error,
// naming series and time, for prices and measures that are not above 0 and a high below the low; and as ReadSeries().
PriceSet ReadPrices(std::string_view text, const std::string& source, const PriceColumns& columns);

// Of --from and its like. Throws Error for what is no time like those of the table.
double ParseFrom(const PriceSet& prices, const std::string& from);

// The first return at or after `time`; size() where there is none.
size_t FirstReturnFrom(const ReturnSeries& series, double time);

Json ToJson(const PriceColumns& columns);
PriceColumns PriceColumnsFromJson(const Json& json);  // throws Error

}  // namespace eddy

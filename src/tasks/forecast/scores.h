// How good forecasts are. Every metric is a mean over the observed values of a series, then over series, as in the M4
// competition (Makridakis 2020).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/series.h"

namespace eddy {

// A metric that is not defined anywhere is NaN.
struct ForecastScores {
  double mse = 0;
  double mae = 0;
  double smape = 0;    // percent: 200 |y - f| / (|y| + |f|), 0 where both are 0
  double mase = 0;     // absolute error over the mean absolute error of seasonal naive within the history, over series
                       // where that is not 0 (Hyndman 2006)
  double pinball = 0;  // mean over quantiles of max(q (y - f), (q - 1) (y - f))
  double scaled_pinball = 0;  // pinball over the same as MASE, as in the M5 competition
  double coverage = 0;        // share of values within [lowest, highest quantile]; NaN for fewer than two quantiles
};

// The scores of one value a step, which has no band that could cover anything.
ForecastScores WithoutBand(ForecastScores scores);

// Mean absolute error of seasonal naive one season ahead within the history; 0 when no pair is observed.
double SeasonalNaiveError(Observations history, size_t season);

class ForecastMetrics {
 public:
  explicit ForecastMetrics(size_t season) : season_(season) {}

  // A forecast [horizon] of `actual`, from `history`. A series without an observed value in `actual` is left out.
  void Add(Observations history, Observations actual, std::span<const double> forecast);
  // As Add, the point forecast being that of the quantile nearest 1/2; forecasts [horizon, Q], quantiles rising in (0, 1).
  void Add(Observations history, Observations actual, std::span<const double> quantiles, std::span<const double> forecasts);

  ForecastScores scores() const;
  size_t series() const { return mae_.count; }

 private:
  struct Mean {
    double sum = 0;
    size_t count = 0;
    void Add(double value);
    double value() const;
  };
  size_t season_;
  Mean mse_, mae_, smape_, mase_, pinball_, scaled_pinball_, coverage_;
};

// Overall weighted average: the mean of sMAPE and MASE, each relative to that of Naive2.
double Owa(const ForecastScores& scores, const ForecastScores& naive2);

}  // namespace eddy

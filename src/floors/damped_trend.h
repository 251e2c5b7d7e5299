// The damped trend: a floor for series that rise or fall, where persistence is easy to beat.
#pragma once

#include <array>
#include <vector>

#include "data/series.h"

namespace eddy {

// Smoothing with each of a grid of constants side by side, a row at a time. A row costs some hundred multiply-adds.
class DampedTrends {
 public:
  struct Trend {
    double level, slope;  // at the last row
    double damping;       // what is left of the slope after a row

    double Next() { return level += slope *= damping; }  // moves on a row; what is forecast for it
  };

  explicit DampedTrends(double first);

  void Pass();                 // a row goes by
  void Observe(double value);  // of that row; not called where it is missing
  Trend best() const;          // that with the least mean absolute error so far, the last five hundred rows' most of all

 private:
  static constexpr std::array kLevelShares = {0.1, 0.2, 0.4, 0.6, 0.8, 1.0};        // of an error that goes into the level
  static constexpr std::array kSlopeShares = {0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0};  // of that, into the slope
  static constexpr std::array kDampings = {0.8, 0.9, 0.98};
  static constexpr size_t kGrid = kLevelShares.size() * kSlopeShares.size() * kDampings.size();

  std::array<double, kGrid> level_, slope_, damping_, of_level_, of_slope_, errors_;
};

// Exponential smoothing of the level and of the slope, which fades over the horizon (Holt 1957; Gardner and McKenzie 1985,
// Forecasting trends in time series, equations 1 to 4), of the seasonally adjusted series where it is seasonal
// (IsSeasonal): by classical decomposition, multiplicative where all values are positive and additive otherwise. The three
// constants are those of DampedTrends with the least mean absolute error one row ahead. The slope begins at 0, so that
// persistence and smoothing of the level alone are among what the grid holds.
//
// Returns `horizon` values after the last of `history`, which has at least one observed value; a missing value moves the
// level along the slope alone. season >= 1. Reads the last thousand rows, and the whole history for the season: about half
// a millisecond.
std::vector<double> DampedTrend(Observations history, size_t season, size_t horizon);

}  // namespace eddy

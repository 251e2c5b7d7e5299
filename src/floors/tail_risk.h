// What may be lost at a level: value at risk, which is a quantile of the returns, and expected shortfall, the mean of the
// returns beyond it. Both are returns here, so that losses are negative.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

namespace eddy {

struct TailRisk {
  double value = 0;      // the quantile
  double shortfall = 0;  // at most the value
};

// The empirical quantile of sorted values, linear between them (type 7 of Hyndman and Fan 1996), and the mean of those at
// most as high. `sorted` is not empty.
TailRisk TailOfSorted(std::span<const double> sorted, double level);
TailRisk EmpiricalTail(std::span<const double> values, double level);
// Of the standard normal distribution.
TailRisk NormalTail(double level);

// The empirical tails of the last values of a stream: historical simulation, and filtered historical simulation
// (Barone-Adesi, Giannopoulos and Vosper 1999) where the values are standardised returns. A value costs O(window).
class RollingTail {
 public:
  explicit RollingTail(size_t window) : window_(window) {}  // at least 1

  void Add(double value);
  size_t size() const { return sorted_.size(); }
  TailRisk At(double level) const { return TailOfSorted(sorted_, level); }  // of at least one value

 private:
  size_t window_;
  std::deque<double> order_;  // as they came
  std::vector<double> sorted_;
};

}  // namespace eddy

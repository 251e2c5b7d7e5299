// The Sharpe ratio of a strategy, and how much of it is left when many were tried.
#pragma once

#include <cstddef>
#include <span>

namespace eddy {

// Mean over standard deviation of returns of equal periods, with what their shape says of its error.
struct SharpeRatio {
  double ratio = 0;  // a period; 0 where the returns are all the same
  double skewness = 0, kurtosis = 3;
  size_t periods = 0;
};
SharpeRatio SharpeOf(std::span<const double> returns);

// The ratio that the best of so many strategies without any skill is expected to show, where their ratios vary by this
// variance (Bailey and Lopez de Prado 2014, "The deflated Sharpe ratio", equation 1); 0 for one.
double ExpectedBestSharpe(double variance, size_t trials);

// The probability that a true ratio is above `benchmark` (equation 2): of ExpectedBestSharpe(), the deflated Sharpe ratio.
double ProbabilisticSharpe(const SharpeRatio& sharpe, double benchmark);

}  // namespace eddy

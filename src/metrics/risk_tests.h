// How good forecasts of value at risk and expected shortfall are: the joint score, and the tests that a backtest consists
// of. Returns and forecasts are returns: losses are negative.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

// FZ0, the joint score of both that is homogeneous of degree 0 (Patton, Ziegel and Chen 2019, equation 6), the lower the
// better:
//     -[y <= v] (v - y) / (level e) + v / e + log(-e) - 1
// A shortfall above -1e-9 counts as that.
double JointScore(double actual, double value, double shortfall, double level);

struct TestResult {
  double statistic = 0;
  double p = 1;  // how likely one as large is where the forecasts are right
};

// Whether there are as many breaches as the level says (Kupiec 1995): chi-squared with 1 degree of freedom.
TestResult KupiecTest(size_t breaches, size_t days, double level);
// Whether they come one by one, whatever their number (Christoffersen 1998): the first-order independence of `breaches`, 0
// or 1 a day; chi-squared with 1 degree of freedom.
TestResult ChristoffersenTest(std::span<const uint8_t> breaches);
// Whether losses beyond the value at risk are as large as the shortfall says: the second statistic of Acerbi and Szekely
// 2014, mean over days of 1 - [y <= v] y / (level e), which is 0 for right forecasts and negative where losses are larger;
// one-sided p by a bootstrap of blocks of days. `terms` are the summands.
double AcerbiSzekelyTerm(double actual, double value, double shortfall, double level);
TestResult AcerbiSzekelyTest(std::span<const double> terms, size_t block, uint64_t seed);

// Whether the mean of differences of losses is 0 (Diebold and Mariano 1995): two-sided, normal, with the variance of Newey
// and West 1987 over `lags`. Negative where the first is better.
TestResult DieboldMarianoTest(std::span<const double> differences, size_t lags);

// The interval in which the mean of so many days' figures lies in 95% of the bootstraps by blocks that follow each other
// (Kuensch 1989, on a circle).
struct MeanInterval {
  double mean = 0, low = 0, high = 0;
};
MeanInterval BootstrapMean(std::span<const double> values, size_t block, uint64_t seed);

}  // namespace eddy

// The functions likelihoods are made of, in double, for every argument that occurs: no overflow, no cancellation.
#pragma once

#include <algorithm>

namespace eddy {

double Logistic(double x);          // 1 / (1 + exp(-x)), the slope of Softplus (loss.h)
double LogSoftplus(double x);       // log(Softplus(x)), about x where Softplus(x) is below the smallest number
double LogSoftplusSlope(double x);  // its derivative

double LogGamma(double x);  // log Gamma(x), x > 0; std::lgamma writes a global variable

// A standardised distance, limited so that its square is finite.
inline double LimitedScore(double z) { return std::clamp(z, -1e150, 1e150); }

// log Gamma(r + y) - log Gamma(r) - y log r for r > 0, y >= 0, and its derivative by r; both go to 0 as r grows.
double LogGammaRise(double r, double y);
double LogGammaRiseSlope(double r, double y);

}  // namespace eddy

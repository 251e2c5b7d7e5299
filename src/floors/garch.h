// Variances that follow the returns of the past: exponentially weighted moving averages (RiskMetrics 1996), GARCH(1,1)
// (Bollerslev 1986) and GJR-GARCH (Glosten, Jagannathan and Runkle 1993). The floors of risk, and inputs of its network.
//
//     variance[t + 1] = omega + (alpha + leverage [x[t] < 0]) x[t]^2 + beta variance[t],   variance[0] = start
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace eddy {

struct Garch {
  double omega = 0, alpha = 0, leverage = 0, beta = 0;  // each at least 0
  double start = 1;                                     // above 0

  double persistence() const { return alpha + leverage / 2 + beta; }
};

enum class GarchKind { kPlain, kLeverage };

// The variance of each of x [T], and of what follows them, given those before: [T + 1]. x have mean 0.
std::vector<double> Variances(const Garch& garch, std::span<const double> x);

// Of the sum of the `horizon` values of which the first has the variance `next`.
double VarianceOver(const Garch& garch, double next, size_t horizon);

// The half of -2 log likelihood that depends on the parameters, of normal innovations: sum of (log v + x^2 / v) / 2.
double NormalLoss(const Garch& garch, std::span<const double> x);

// The likeliest parameters with a persistence below 1, with start at the variance of x, by the simplex of Nelder and Mead
// (NLopt) from several beginnings; where all of x are 0, a constant variance. About a thousand passes over x.
Garch FitGarch(std::span<const double> x, GarchKind kind);

// omega = 0, alpha = 1 - decay, beta = decay; start at the variance of x.
Garch MovingAverage(std::span<const double> x, double decay);

}  // namespace eddy

#include "loss/special.h"

#include <cmath>
#include <numbers>

#include "eddy/loss.h"

namespace eddy {
namespace {

// From here on the asymptotic series below are exact to rounding.
constexpr double kLarge = 10;
constexpr double kVeryNegative = -40;  // below it log1p(e^x) = e^x to rounding

// log Gamma(x) = (x - 1/2) log x - x + log(2 pi)/2 + StirlingTail(x); Abramowitz and Stegun 6.1.41.
double StirlingTail(double x) {
  const double s = 1 / (x * x);
  return (1. / 12 - s * (1. / 360 - s * (1. / 1260 - s * (1. / 1680 - s * (1. / 1188 - s * (691. / 360360 - s / 156)))))) /
         x;
}

// psi(x) = log x + DigammaTail(x); Abramowitz and Stegun 6.3.18.
double DigammaTail(double x) {
  const double s = 1 / (x * x);
  const double even =
      s * (1. / 12 - s * (1. / 120 - s * (1. / 252 - s * (1. / 240 - s * (1. / 132 - s * (691. / 32760 - s / 12))))));
  return -0.5 / x - even;
}

double Digamma(double x) {
  double below = 0;
  for (; x < kLarge; ++x) below += 1 / x;
  return std::log(x) + DigammaTail(x) - below;
}

}  // namespace

double Softplus(double x) { return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x))); }

double Logistic(double x) {
  const double e = std::exp(-std::fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

double LogSoftplus(double x) { return x < kVeryNegative ? x : std::log(Softplus(x)); }

double LogSoftplusSlope(double x) { return x < kVeryNegative ? 1 : Logistic(x) / Softplus(x); }

double LogGamma(double x) {
  double below = 1;
  for (; x < kLarge; ++x) below *= x;
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + StirlingTail(x) - std::log(below);
}

double LogGammaRise(double r, double y) {
  if (r < kLarge) return LogGamma(r + y) - LogGamma(r) - y * std::log(r);
  return (r + y - 0.5) * std::log1p(y / r) - y + StirlingTail(r + y) - StirlingTail(r);
}

double LogGammaRiseSlope(double r, double y) {
  if (r < kLarge) return Digamma(r + y) - Digamma(r) - y / r;
  return std::log1p(y / r) - y / r + DigammaTail(r + y) - DigammaTail(r);
}

}  // namespace eddy

#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "loss/special.h"

namespace eddy {

// With mean m, r = 1 / dispersion and count y, the probability's logarithm is
//     log Gamma(y + r) - log Gamma(r) - log y! + r log(r / (r + m)) + y log(m / (r + m))
//     = LogGammaRise(r, y) - log y! + y log m - (r + y) log(1 + m / r),
// which for large r goes to Poisson's without cancellation.
Var NegativeBinomialLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights) {
  constexpr double kMost = std::numeric_limits<double>::max();
  const LossShape shape{"negative binomial loss", 2, 1, 0, kMost, "finite, at least 0"};
  RequirePositions(shape, tape.Value(parameters).shape(), target.shape());
  return MeanLoss(tape, shape, parameters, target, weights, [](const Real* p, const Real* target, Real* slopes) {
    const double m = Softplus(p[0]), r = 1 / (Softplus(p[1]) + kLeastScale), y = *target;
    const double crowding = std::log1p(m / r);
    const double by_r = crowding - (r + y) / r * (m / (r + m)) - LogGammaRiseSlope(r, y);  // d loss / d r
    slopes[0] = Finite((r + y) / (r + m) * Logistic(p[0]) - y * LogSoftplusSlope(p[0]));
    slopes[1] = Finite(-by_r * r * r * Logistic(p[1]));
    return (r + y) * crowding - y * LogSoftplus(p[0]) + LogGamma(y + 1) - LogGammaRise(r, y);
  });
}

}  // namespace eddy

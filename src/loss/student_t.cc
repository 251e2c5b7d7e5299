#include <numbers>

#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "loss/special.h"

namespace eddy {

// With v degrees of freedom and z = (y - location) / scale, the density's logarithm is
//     log Gamma((v + 1) / 2) - log Gamma(v / 2) - log(v pi) / 2 - log scale - (v + 1) / 2 log(1 + z^2 / v),
// whose first three terms are LogGammaRise(v / 2, 1 / 2) - log(2 pi) / 2: for large v that cancels nothing.
Var StudentTLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights) {
  const LossShape shape{"student t loss", 3};
  RequirePositions(shape, tape.Value(parameters).shape(), target.shape());
  return MeanLoss(tape, shape, parameters, target, weights, [](const Real* p, const Real* y, Real* slopes) {
    const double scale = Softplus(p[1]) + kLeastScale, v = 2 + Softplus(p[2]);
    const double z = LimitedScore((static_cast<double>(*y) - p[0]) / scale);
    const double tail = std::log1p(z * z / v);
    const double pull = (v + 1) * z / (v + z * z);  // d loss / d z
    slopes[0] = Finite(-pull / scale);
    slopes[1] = Finite((1 - pull * z) / scale * Logistic(p[1]));
    slopes[2] = Finite((0.5 * tail - 0.5 * pull * z / v - 0.5 * LogGammaRiseSlope(v / 2, 0.5)) * Logistic(p[2]));
    return 0.5 * std::log(2 * std::numbers::pi) - LogGammaRise(v / 2, 0.5) + std::log(scale) + (v + 1) / 2 * tail;
  });
}

}  // namespace eddy

#include <numbers>

#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "loss/special.h"

namespace eddy {

Var GaussianLoss(Tape& tape, Var parameters, const Tensor& target, const Tensor& weights) {
  const LossShape shape{"gaussian loss", 2};
  RequirePositions(shape, tape.Value(parameters).shape(), target.shape());
  return MeanLoss(tape, shape, parameters, target, weights, [](const Real* p, const Real* y, Real* slopes) {
    const double deviation = Softplus(p[1]) + kLeastScale;
    const double z = LimitedScore((static_cast<double>(*y) - p[0]) / deviation);
    slopes[0] = Finite(-z / deviation);
    slopes[1] = Finite((1 - z * z) / deviation * Logistic(p[1]));
    return 0.5 * std::log(2 * std::numbers::pi) + std::log(deviation) + 0.5 * z * z;
  });
}

}  // namespace eddy

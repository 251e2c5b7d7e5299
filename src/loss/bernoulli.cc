#include "eddy/error.h"
#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {

Var BernoulliLoss(Tape& tape, Var logits, const Tensor& targets, const Tensor& weights) {
  const Shape& given = tape.Value(logits).shape();
  RequireSameShape("bernoulli loss", "targets", given, targets.shape());
  const size_t keys = Cols(given);
  Require(keys > 0, "bernoulli loss", "logits", "[N, K] with at least one key", given.ToString());
  const LossShape shape{"bernoulli loss", keys, keys, 0, 1, "in [0, 1]"};
  return MeanLoss(tape, shape, logits, targets, weights, [keys](const Real* x, const Real* y, Real* slopes) {
    double sum = 0;
    for (size_t i = 0; i < keys; ++i) {
      const Real e = std::exp(-std::fabs(x[i]));
      slopes[i] = (x[i] < 0 ? e : 1) / (1 + e) - y[i];
      sum += std::fmax(x[i], Real{0}) - static_cast<double>(x[i]) * y[i] + std::log1p(e);
    }
    return sum;
  });
}

}  // namespace eddy

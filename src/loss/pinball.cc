#include "eddy/error.h"
#include "eddy/loss.h"
#include "loss/mean_loss.h"

namespace eddy {

Var Pinball(Tape& tape, Var prediction, const Tensor& target, std::span<const double> quantiles, const Tensor& weights) {
  const LossShape shape{"pinball", quantiles.size()};
  Require(!quantiles.empty(), "pinball", "quantiles", "at least one", "none");
  RequirePositions(shape, tape.Value(prediction).shape(), target.shape());
  for (double q : quantiles) {
    if (!(q > 0 && q < 1)) Fail("pinball", "a quantile", "in (0, 1)", std::to_string(q));
  }
  return MeanLoss(tape, shape, prediction, target, weights, [quantiles](const Real* p, const Real* y, Real* slope) {
    double sum = 0;
    for (size_t i = 0; i < quantiles.size(); ++i) {
      const double above = static_cast<double>(*y) - p[i];  // what the target is above the prediction
      const double factor = quantiles[i] - (above < 0);
      slope[i] = static_cast<Real>(-factor);
      sum += factor * above;
    }
    return sum;
  });
}

}  // namespace eddy

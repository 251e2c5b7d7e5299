#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {

Var SquaredError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights) {
  RequireSameShape("squared error", "target", tape.Value(prediction).shape(), target.shape());
  return MeanLoss(tape, {"squared error"}, prediction, target, weights, [](const Real* p, const Real* y, Real* slope) {
    const double distance = static_cast<double>(*p) - *y;
    *slope = Finite(2 * distance);
    return distance * distance;
  });
}

}  // namespace eddy

#include "eddy/error.h"
#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {

Var Huber(Tape& tape, Var prediction, const Tensor& target, double delta, const Tensor& weights) {
  RequireSameShape("huber", "target", tape.Value(prediction).shape(), target.shape());
  if (!(delta > 0 && std::isfinite(delta))) Fail("huber", "delta", "above 0", std::to_string(delta));
  return MeanLoss(tape, {"huber"}, prediction, target, weights, [delta](const Real* p, const Real* y, Real* slope) {
    const double distance = static_cast<double>(*p) - *y;
    const double limited = std::clamp(distance, -delta, delta);
    *slope = Finite(limited);
    return limited * (distance - limited / 2);
  });
}

}  // namespace eddy

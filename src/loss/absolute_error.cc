#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {

Var AbsoluteError(Tape& tape, Var prediction, const Tensor& target, const Tensor& weights) {
  RequireSameShape("absolute error", "target", tape.Value(prediction).shape(), target.shape());
  return MeanLoss(tape, {"absolute error"}, prediction, target, weights, [](const Real* p, const Real* y, Real* slope) {
    *slope = static_cast<Real>((*p > *y) - (*p < *y));
    return std::fabs(static_cast<double>(*p) - *y);
  });
}

}  // namespace eddy

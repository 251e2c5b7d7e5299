#include <cmath>

#include "eddy/ops.h"
#include "kernels/loops.h"

namespace eddy {

Var Exp(Tape& tape, Var x) {
  const Tensor vx = tape.Value(x);
  Tensor y = tape.Uninitialized(vx.shape());
  ForEach(tape.threads(), y.size(), [from = vx.data(), to = y.data()](size_t i) { to[i] = std::exp(from[i]); });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), grad.size(),
            [dx = tape.Grad(x).data(), dy = grad.data(), at = y.data()](size_t i) { dx[i] += dy[i] * at[i]; });
  });
}

Var Log(Tape& tape, Var x) {
  const Tensor vx = tape.Value(x);
  Tensor y = tape.Uninitialized(vx.shape());
  ForEach(tape.threads(), y.size(), [from = vx.data(), to = y.data()](size_t i) { to[i] = std::log(from[i]); });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), grad.size(),
            [dx = tape.Grad(x).data(), dy = grad.data(), at = vx.data()](size_t i) { dx[i] += dy[i] / at[i]; });
  });
}

}  // namespace eddy

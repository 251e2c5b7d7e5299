#include "eddy/ops.h"
#include "kernels/gelu.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "kernels/pieces.h"

namespace eddy {
namespace {

// y = function(x), array by array; dx += dy * slope(y).
template <class Function, class Slope>
Var Activation(Tape& tape, Var x, const Function& function, const Slope& slope) {
  const Tensor vx = tape.Value(x);
  Tensor y = tape.Uninitialized(vx.shape());
  ForPieces(tape.threads(), y.size(), 1,
            [&](size_t begin, size_t end) { function(vx.data() + begin, end - begin, y.data() + begin); });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), y.size(),
            [=, dx = tape.Grad(x).data(), dy = grad.data(), at = y.data()](size_t i) { dx[i] += dy[i] * slope(at[i]); });
  });
}

}  // namespace

Var Tanh(Tape& tape, Var x) {
  return Activation(tape, x, TanhArray, [](Real y) { return 1 - y * y; });
}

Var Sigmoid(Tape& tape, Var x) {
  return Activation(tape, x, SigmoidArray, [](Real y) { return y * (1 - y); });
}

Var Relu(Tape& tape, Var x) {
  const auto relu = [](const Real* x, size_t n, Real* y) {
    for (size_t i = 0; i < n; ++i) y[i] = x[i] < 0 ? 0 : x[i];  // keeps NaN
  };
  return Activation(tape, x, relu, [](Real y) -> Real { return y > 0 ? 1 : 0; });
}

Var Gelu(Tape& tape, Var x) {
  const Tensor vx = tape.Value(x);
  Tensor y = tape.Uninitialized(vx.shape());
  ForPieces(tape.threads(), y.size(), 1,
            [&](size_t begin, size_t end) { GeluArray(vx.data() + begin, end - begin, y.data() + begin); });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    const Tensor slopes = tape.Uninitialized(vx.shape());
    ForPieces(tape.threads(), grad.size(), 1, [&, dx = tape.Grad(x).data()](size_t begin, size_t end) {
      GeluSlopeArray(vx.data() + begin, end - begin, slopes.data() + begin);
      for (size_t i = begin; i < end; ++i) dx[i] += grad[i] * slopes[i];
    });
  });
}

}  // namespace eddy

#include <cmath>
#include <numbers>

#include "eddy/ops.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "ops/activation_arrays.h"

namespace eddy {
namespace {

// y = function(x), array by array; dx += dy * slope(kept[i]), where `kept` is y if `keep_y` and x otherwise.
template <class Function, class Slope>
Var Activation(Tape& tape, Var x, bool keep_y, const Function& function, const Slope& slope) {
  const Tensor vx = tape.Value(x);
  Tensor y = Tensor::Uninitialized(vx.shape());
  tape.threads().For(y.size(), kGrain,
                     [&](size_t begin, size_t end) { function(vx.data() + begin, end - begin, y.data() + begin); });
  return tape.Record(y, {x}, [=, &tape, kept = keep_y ? y : vx](const Tensor& grad) {
    ForEach(tape.threads(), kept.size(),
            [=, dx = tape.Grad(x).data(), dy = grad.data(), at = kept.data()](size_t i) { dx[i] += dy[i] * slope(at[i]); });
  });
}

// Phi, the normal distribution function; by erfc, which keeps its digits in the lower tail.
Real NormalShare(Real x) { return std::erfc(-x * std::numbers::sqrt2_v<Real> / 2) / 2; }

Real NormalDensity(Real x) {
  return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<Real> * (std::numbers::sqrt2_v<Real> / 2);
}

}  // namespace

void GeluArray(const Real* x, size_t n, Real* y) {
  for (size_t i = 0; i < n; ++i) y[i] = x[i] * NormalShare(x[i]);
}

Var Tanh(Tape& tape, Var x) {
  return Activation(tape, x, true, TanhArray, [](Real y) { return 1 - y * y; });
}

Var Sigmoid(Tape& tape, Var x) {
  return Activation(tape, x, true, SigmoidArray, [](Real y) { return y * (1 - y); });
}

Var Relu(Tape& tape, Var x) {
  const auto relu = [](const Real* x, size_t n, Real* y) {
    for (size_t i = 0; i < n; ++i) y[i] = x[i] < 0 ? 0 : x[i];  // keeps NaN
  };
  return Activation(tape, x, true, relu, [](Real y) -> Real { return y > 0 ? 1 : 0; });
}

Var Gelu(Tape& tape, Var x) {
  return Activation(tape, x, false, GeluArray, [](Real x) { return NormalShare(x) + x * NormalDensity(x); });
}

}  // namespace eddy

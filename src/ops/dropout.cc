#include "eddy/error.h"
#include "eddy/ops.h"
#include "eddy/random.h"
#include "kernels/loops.h"

namespace eddy {
namespace {

bool Drops(const Tape& tape, std::string_view operation, double probability) {
  if (!(probability >= 0 && probability < 1)) Fail(operation, "probability", "in [0, 1)", std::to_string(probability));
  return tape.training() && probability > 0;
}

// What the element at a position of a mask is multiplied by: looked up, since a branch on it could not be predicted.
struct Mask {
  uint64_t key;
  float probability;
  Real factors[2];  // of elements that are kept and dropped
  Mask(Tape& tape, double probability)
      : key(tape.NextKey()),
        probability(static_cast<float>(probability)),
        factors{static_cast<Real>(1 / (1 - probability)), 0} {}
  Real operator()(size_t position) const { return factors[RandomAt(key, position) < probability]; }
};

}  // namespace

Var Dropout(Tape& tape, Var x, double probability) {
  if (!Drops(tape, "dropout", probability)) return x;
  const Tensor vx = tape.Value(x);
  const Mask mask(tape, probability);
  Tensor y = tape.Uninitialized(vx.shape());
  ForEach(tape.threads(), y.size(), [=, from = vx.data(), to = y.data()](size_t i) { to[i] = from[i] * mask(i); });
  // The mask is made again: that costs less than to keep it.
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), grad.size(),
            [=, dx = tape.Grad(x).data(), dy = grad.data()](size_t i) { dx[i] += dy[i] * mask(i); });
  });
}

Var VariationalDropout(Tape& tape, Var x, double probability) {
  if (!Drops(tape, "variational dropout", probability)) return x;
  const Tensor vx = tape.Value(x);
  Require(vx.rank() == 3, "variational dropout", "x", "[T, B, D]", vx.shape().ToString());
  const size_t steps = vx.dim(0), rows = vx.dim(1), cols = vx.dim(2);
  Tensor mask = tape.Uninitialized({rows, cols});
  ForEach(tape.threads(), mask.size(), [to = mask.data(), at = Mask(tape, probability)](size_t i) { to[i] = at(i); });

  Tensor y = tape.Uninitialized(vx.shape());
  ForRows(tape.threads(), steps * rows, cols, [=](size_t row) {
    const Real *from = vx.data() + row * cols, *factor = mask.data() + row % rows * cols;
    Real* to = y.data() + row * cols;
    for (size_t i = 0; i < cols; ++i) to[i] = from[i] * factor[i];
  });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForRows(tape.threads(), steps * rows, cols, [=, dx = tape.Grad(x).data(), dy = grad.data()](size_t row) {
      const Real *from = dy + row * cols, *factor = mask.data() + row % rows * cols;
      Real* to = dx + row * cols;
      for (size_t i = 0; i < cols; ++i) to[i] += from[i] * factor[i];
    });
  });
}

}  // namespace eddy

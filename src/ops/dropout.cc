#include "kernels/dropout.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/pieces.h"

namespace eddy {
namespace {

bool Drops(const Tape& tape, std::string_view operation, double probability) {
  if (!(probability >= 0 && probability < 1)) Fail(operation, "probability", "in [0, 1)", std::to_string(probability));
  return tape.training() && probability > 0;
}

Drop NextDrop(Tape& tape, double probability) {
  return {tape.NextKey(), static_cast<float>(probability), static_cast<Real>(1 / (1 - probability))};
}

}  // namespace

Var Dropout(Tape& tape, Var x, double probability) {
  if (!Drops(tape, "dropout", probability)) return x;
  const Tensor vx = tape.Value(x);
  const Drop drop = NextDrop(tape, probability);
  Tensor y = tape.Uninitialized(vx.shape());
  ForPieces(tape.threads(), y.size(), 1,
            [&](size_t begin, size_t end) { DropElements(drop, begin, vx.data() + begin, end - begin, y.data() + begin); });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    const Tensor dx = tape.Grad(x);
    ForPieces(tape.threads(), grad.size(), 1, [&](size_t begin, size_t end) {
      AddDropped(drop, begin, grad.data() + begin, end - begin, dx.data() + begin);
    });
  });
}

Var VariationalDropout(Tape& tape, Var x, double probability) {
  if (!Drops(tape, "variational dropout", probability)) return x;
  const Tensor vx = tape.Value(x);
  Require(vx.rank() == 3, "variational dropout", "x", "[T, B, D]", vx.shape().ToString());
  const size_t steps = vx.dim(0), rows = vx.dim(1), cols = vx.dim(2);
  Tensor mask = tape.Uninitialized({rows, cols});
  mask.Fill(1);
  DropElements(NextDrop(tape, probability), 0, mask.data(), mask.size(), mask.data());

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

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "ops/shapes.h"

namespace eddy {

Var Softmax(Tape& tape, Var x) {
  const Tensor vx = tape.Value(x);
  Require(vx.rank() >= 1, "softmax", "x", "[..., V]", vx.shape().ToString());
  const size_t rows = Rows(vx.shape()), cols = Cols(vx.shape());
  Tensor y(vx.shape());
  ForRows(tape.threads(), cols == 0 ? 0 : rows, cols, [from = vx.data(), to = y.data(), cols](size_t row) {
    const SoftmaxScale scale = ScaleOfSoftmax(from + row * cols, cols);
    AddScaledExp(from + row * cols, cols, scale.max, static_cast<Real>(1 / scale.sum), 0, to + row * cols);
  });

  // d x = y (d y - sum of d y y)
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForRows(tape.threads(), rows, cols, [dx = tape.Grad(x).data(), dy = grad.data(), at = y.data(), cols](size_t row) {
      const size_t begin = row * cols;
      const double mean = Sum(cols, [=](size_t i) { return static_cast<double>(dy[begin + i]) * at[begin + i]; });
      for (size_t i = begin; i < begin + cols; ++i) dx[i] += at[i] * (dy[i] - static_cast<Real>(mean));
    });
  });
}

}  // namespace eddy

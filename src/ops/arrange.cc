#include <algorithm>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var Concat(Tape& tape, Var a, Var b) {
  const Tensor va = tape.Value(a), vb = tape.Value(b);
  const size_t m = Cols(va.shape()), n = Cols(vb.shape()), rows = Rows(va.shape());
  if (va.rank() < 1 || vb.rank() != va.rank() || WithCols(va.shape(), n) != vb.shape()) {
    Fail("concat", "b", "of the shape of a but for the last dimension, " + va.shape().ToString(), vb.shape().ToString());
  }
  Tensor y = tape.Uninitialized(WithCols(va.shape(), m + n));
  ForRows(tape.threads(), rows, m + n, [&](size_t row) {
    Real* to = y.data() + row * (m + n);
    std::copy_n(va.data() + row * m, m, to);
    std::copy_n(vb.data() + row * n, n, to + m);
  });

  return tape.Record(y, {a, b}, [=, &tape](const Tensor& grad) {
    const auto pass = [&](Var part, size_t begin, size_t cols) {
      if (!tape.Needs(part)) return;
      ForRows(tape.threads(), rows, cols, [=, dx = tape.Grad(part).data(), dy = grad.data() + begin](size_t row) {
        for (size_t i = 0; i < cols; ++i) dx[row * cols + i] += dy[row * (m + n) + i];
      });
    };
    pass(a, 0, m);
    pass(b, m, n);
  });
}

Var Slice(Tape& tape, Var x, size_t begin, size_t end) {
  const Tensor vx = tape.Value(x);
  if (vx.rank() < 1 || begin > end || end > vx.dim(0)) {
    const std::string given = std::to_string(begin) + " to " + std::to_string(end);
    Fail("slice", "the range of steps", "within " + vx.shape().ToString(), given);
  }
  Tensor y = tape.Uninitialized(WithDim(vx.shape(), 0, end - begin));
  const size_t offset = vx.dim(0) == 0 ? 0 : vx.size() / vx.dim(0) * begin;
  ForEach(tape.threads(), y.size(), [from = vx.data() + offset, to = y.data()](size_t i) { to[i] = from[i]; });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), grad.size(),
            [dx = tape.Grad(x).data() + offset, dy = grad.data()](size_t i) { dx[i] += dy[i]; });
  });
}

Var Reshape(Tape& tape, Var x, const Shape& shape) {
  return tape.Record(tape.Value(x).Reshape(shape), {x}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), grad.size(), [dx = tape.Grad(x).data(), dy = grad.data()](size_t i) { dx[i] += dy[i]; });
  });
}

}  // namespace eddy

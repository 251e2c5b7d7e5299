#include <algorithm>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var SliceColumns(Tape& tape, Var x, size_t begin, size_t end) {
  const Tensor vx = tape.Value(x);
  const size_t rows = Rows(vx.shape()), cols = Cols(vx.shape()), width = end - begin;
  if (vx.rank() < 1 || begin > end || end > cols) {
    const std::string given = std::to_string(begin) + " to " + std::to_string(end);
    Fail("slice columns", "the range of columns", "within " + vx.shape().ToString(), given);
  }
  Tensor y = tape.Uninitialized(WithCols(vx.shape(), width));
  ForRows(tape.threads(), rows, width, [=, from = vx.data() + begin, to = y.data()](size_t row) {
    std::copy_n(from + row * cols, width, to + row * width);
  });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForRows(tape.threads(), rows, width, [=, dx = tape.Grad(x).data() + begin, dy = grad.data()](size_t row) {
      for (size_t i = 0; i < width; ++i) dx[row * cols + i] += dy[row * width + i];
    });
  });
}

}  // namespace eddy

#include <algorithm>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/lengths.h"

namespace eddy {

Var WithinLengths(Tape& tape, Var x, const Sequence& sequence) {
  const Tensor vx = tape.Value(x);
  const size_t T = sequence.steps, B = sequence.rows;
  if (vx.rank() < 2 || vx.dim(0) != T || vx.dim(1) != B) {
    const std::string steps_and_rows = std::to_string(T) + ", " + std::to_string(B);
    Fail("within lengths", "x", "[" + steps_and_rows + ", ...]", vx.shape().ToString());
  }
  CheckLengths("within lengths", sequence);
  if (sequence.lengths.empty()) return x;
  const size_t cols = T * B == 0 ? 0 : vx.size() / (T * B);
  const auto exists = [B, lengths = sequence.lengths](size_t position) { return position / B < lengths[position % B]; };
  Tensor y(vx.shape());
  ForRows(tape.threads(), T * B, cols, [&](size_t i) {
    if (exists(i)) std::copy_n(vx.data() + i * cols, cols, y.data() + i * cols);
  });
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForRows(tape.threads(), T * B, cols, [&, dx = tape.Grad(x).data(), dy = grad.data()](size_t i) {
      for (size_t j = i * cols; exists(i) && j < (i + 1) * cols; ++j) dx[j] += dy[j];
    });
  });
}

}  // namespace eddy

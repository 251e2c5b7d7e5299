#include <algorithm>
#include <vector>

#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var LastOverTime(Tape& tape, Var x, std::span<const size_t> lengths) {
  const Tensor vx = tape.Value(x);
  RequireLengths("last over time", vx.shape(), lengths);
  const size_t steps = vx.dim(0), rows = vx.dim(1), cols = vx.dim(2);
  std::vector<size_t> kept(lengths.begin(), lengths.end());
  if (kept.empty()) kept.assign(rows, steps);

  Tensor y({rows, cols});
  ForRows(tape.threads(), rows, cols, [&](size_t row) {
    if (kept[row] == 0) return;
    std::copy_n(vx.data() + ((kept[row] - 1) * rows + row) * cols, cols, y.data() + row * cols);
  });

  return tape.Record(y, {x}, [=, &tape, kept = std::move(kept)](const Tensor& grad) {
    ForRows(tape.threads(), rows, cols, [&, dx = tape.Grad(x).data(), dy = grad.data()](size_t row) {
      if (kept[row] == 0) return;
      Real* to = dx + ((kept[row] - 1) * rows + row) * cols;
      for (size_t i = 0; i < cols; ++i) to[i] += dy[row * cols + i];
    });
  });
}

}  // namespace eddy

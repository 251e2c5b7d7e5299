#include <algorithm>
#include <vector>

#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var MeanOverTime(Tape& tape, Var x, std::span<const size_t> lengths) {
  const Tensor vx = tape.Value(x);
  RequireLengths("mean over time", vx.shape(), lengths);
  const size_t steps = vx.dim(0), rows = vx.dim(1), cols = vx.dim(2);
  std::vector<size_t> kept(lengths.begin(), lengths.end());
  if (kept.empty()) kept.assign(rows, steps);

  Tensor y({rows, cols});
  ForRows(tape.threads(), rows, steps * cols, [&](size_t row) {
    const Real* from = vx.data() + row * cols;
    Real* to = y.data() + row * cols;
    for (size_t t = 0; t < kept[row]; ++t, from += rows * cols) {
      for (size_t i = 0; i < cols; ++i) to[i] += from[i];
    }
    const Real share = 1 / static_cast<Real>(std::max<size_t>(kept[row], 1));
    for (size_t i = 0; i < cols; ++i) to[i] *= share;
  });

  return tape.Record(y, {x}, [=, &tape, kept = std::move(kept)](const Tensor& grad) {
    Real* dx = tape.Grad(x).data();
    ForRows(tape.threads(), rows, steps * cols, [&](size_t row) {
      const Real share = 1 / static_cast<Real>(std::max<size_t>(kept[row], 1));
      const Real* from = grad.data() + row * cols;
      Real* to = dx + row * cols;
      for (size_t t = 0; t < kept[row]; ++t, to += rows * cols) {
        for (size_t i = 0; i < cols; ++i) to[i] += share * from[i];
      }
    });
  });
}

}  // namespace eddy

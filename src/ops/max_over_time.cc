#include <algorithm>
#include <cstdint>
#include <vector>

#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var MaxOverTime(Tape& tape, Var x, std::span<const size_t> lengths) {
  const Tensor vx = tape.Value(x);
  RequireLengths("max over time", vx.shape(), lengths);
  const size_t steps = vx.dim(0), rows = vx.dim(1), cols = vx.dim(2);

  Tensor y({rows, cols});
  std::vector<uint32_t> first(rows * cols);  // the step that has the maximum
  ForRows(tape.threads(), rows, steps * cols, [&](size_t row) {
    const size_t length = lengths.empty() ? steps : lengths[row];
    const Real* from = vx.data() + row * cols;
    Real* to = y.data() + row * cols;
    if (length > 0) std::copy_n(from, cols, to);
    for (size_t t = 1; t < length; ++t) {
      from += rows * cols;
      for (size_t i = 0; i < cols; ++i) {
        if (from[i] <= to[i]) continue;  // not so for NaN, which stays
        to[i] = from[i];
        first[row * cols + i] = static_cast<uint32_t>(t);
      }
    }
  });

  std::vector<size_t> kept(lengths.begin(), lengths.end());
  return tape.Record(y, {x}, [=, &tape, kept = std::move(kept), first = std::move(first)](const Tensor& grad) {
    Real* dx = tape.Grad(x).data();
    ForRows(tape.threads(), rows, cols, [&](size_t row) {
      if (!kept.empty() && kept[row] == 0) return;
      for (size_t i = row * cols; i < (row + 1) * cols; ++i) dx[first[i] * rows * cols + i] += grad[i];
    });
  });
}

}  // namespace eddy

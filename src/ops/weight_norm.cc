#include <cmath>
#include <vector>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var WeightNorm(Tape& tape, Var direction, Var length) {
  const Tensor v = tape.Value(direction), g = tape.Value(length);
  Require(v.rank() >= 1, "weight norm", "direction", "at least one dimension", "a scalar");
  const size_t rows = v.dim(0), cols = rows == 0 ? 0 : v.size() / rows;
  RequireSameShape("weight norm", "length", {rows}, g.shape());

  std::vector<Real> inverse(rows);  // 1 / |v|
  Tensor w = tape.Uninitialized(v.shape());
  ForRows(tape.threads(), rows, cols, [&](size_t row) {
    const Real* from = v.data() + row * cols;
    const double squares = Sum(cols, [&](size_t i) { return static_cast<double>(from[i]) * from[i]; });
    inverse[row] = squares > 0 ? static_cast<Real>(1 / std::sqrt(squares)) : Real{0};
    for (size_t i = 0; i < cols; ++i) w[row * cols + i] = from[i] * inverse[row] * g[row];
  });

  // With the unit vector u = v / |v|: dg = dw . u, dv = (dw - dg u) g / |v|.
  return tape.Record(w, {direction, length}, [=, &tape, inverse = std::move(inverse)](const Tensor& grad) {
    Real* dv = tape.Needs(direction) ? tape.Grad(direction).data() : nullptr;
    Real* dg = tape.Needs(length) ? tape.Grad(length).data() : nullptr;
    ForRows(tape.threads(), rows, cols, [=, &inverse](size_t row) {
      const Real *from = v.data() + row * cols, *dw = grad.data() + row * cols;
      const auto unit = [=, scale = inverse[row]](size_t i) { return from[i] * scale; };
      const auto along = static_cast<Real>(Sum(cols, [&](size_t i) { return static_cast<double>(dw[i]) * unit(i); }));
      if (dg != nullptr) dg[row] += along;
      const Real scale = g[row] * inverse[row];
      for (size_t i = 0; dv != nullptr && i < cols; ++i) dv[row * cols + i] += (dw[i] - along * unit(i)) * scale;
    });
  });
}

}  // namespace eddy

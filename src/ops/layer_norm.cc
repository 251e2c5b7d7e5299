#include <cmath>
#include <vector>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

struct Moments {
  Real mean;
  Real scale;  // 1 / sqrt(variance + 1e-5)
};

Moments MomentsOf(const Real* x, size_t n) {
  const double count = static_cast<double>(n);
  const double mean = Sum(n, [&](size_t i) { return x[i]; }) / count;
  const double variance = Sum(n, [&](size_t i) { return (x[i] - mean) * (x[i] - mean); }) / count;
  return {static_cast<Real>(mean), static_cast<Real>(1 / std::sqrt(variance + 1e-5))};
}

}  // namespace

Var LayerNorm(Tape& tape, Var x, Var gain, Var shift) {
  const Tensor vx = tape.Value(x), vgain = tape.Value(gain);
  Require(vx.rank() >= 1, "layer norm", "x", "at least one dimension", "a scalar");
  const size_t rows = Rows(vx.shape()), cols = Cols(vx.shape());
  RequireSameShape("layer norm", "gain", {cols}, vgain.shape());
  if (shift) RequireSameShape("layer norm", "shift", {cols}, tape.Value(shift).shape());
  const Tensor vshift = shift ? tape.Value(shift) : Tensor({cols});

  std::vector<Moments> moments(rows);
  Tensor y = Tensor::Uninitialized(vx.shape());
  ForRows(tape.threads(), rows, cols, [&](size_t row) {
    const Real *from = vx.data() + row * cols, *g = vgain.data(), *s = vshift.data();
    Real* to = y.data() + row * cols;
    const auto [mean, scale] = moments[row] = MomentsOf(from, cols);
    for (size_t i = 0; i < cols; ++i) to[i] = (from[i] - mean) * scale * g[i] + s[i];
  });

  // With n = (x - mean) scale and e = dy gain: dx = scale (e - mean(e) - n mean(e n)), dgain = sum of dy n over rows.
  return tape.Record(y, {x, gain, shift}, [=, &tape, moments = std::move(moments)](const Tensor& grad) {
    const Real *values = vx.data(), *g = vgain.data(), *dy = grad.data();
    const auto normal = [=, m = moments.data()](size_t row, size_t col) {
      return (values[row * cols + col] - m[row].mean) * m[row].scale;
    };
    if (tape.Needs(x)) {
      ForRows(tape.threads(), rows, cols, [=, dx = tape.Grad(x).data(), m = moments.data()](size_t row) {
        const Real* from = dy + row * cols;
        Real* to = dx + row * cols;
        const double count = static_cast<double>(cols);
        const auto mean_e = static_cast<Real>(Sum(cols, [&](size_t i) { return from[i] * g[i]; }) / count);
        const auto mean_en = static_cast<Real>(Sum(cols, [&](size_t i) { return from[i] * g[i] * normal(row, i); }) / count);
        const Real scale = m[row].scale;
        for (size_t i = 0; i < cols; ++i) to[i] += scale * (from[i] * g[i] - mean_e - normal(row, i) * mean_en);
      });
    }
    if (tape.Needs(gain)) {
      AddColumnSums(tape.threads(), rows, cols, tape.Grad(gain).data(),
                    [=](size_t row, size_t col) { return dy[row * cols + col] * normal(row, col); });
    }
    if (tape.Needs(shift)) {
      AddColumnSums(tape.threads(), rows, cols, tape.Grad(shift).data(),
                    [=](size_t row, size_t col) { return dy[row * cols + col]; });
    }
  });
}

}  // namespace eddy

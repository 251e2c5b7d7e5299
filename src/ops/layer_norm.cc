#include <cmath>
#include <vector>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/normal_rows.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

void Normalize(const Moments& moments, const Real* x, size_t n, const Real* gain, const Real* shift, Real* y) {
  const auto [mean, scale] = moments;
  if (shift == nullptr) {
    for (size_t i = 0; i < n; ++i) y[i] = (x[i] - mean) * scale * gain[i];
  } else {
    for (size_t i = 0; i < n; ++i) y[i] = (x[i] - mean) * scale * gain[i] + shift[i];
  }
}

// Layer, group and root mean square normalisation.
Var Normalized(Tape& tape, const char* operation, Var x, size_t groups, bool centred, Var gain, Var shift) {
  const Tensor vx = tape.Value(x), vgain = tape.Value(gain), vshift = shift ? tape.Value(shift) : Tensor();
  Require(vx.rank() >= 1, operation, "x", "at least one dimension", "a scalar");
  const size_t rows = Rows(vx.shape()), cols = Cols(vx.shape());
  if (groups < 1 || cols % groups != 0) {
    Fail(operation, "groups", "a divisor of the last dimension of " + vx.shape().ToString(), std::to_string(groups));
  }
  RequireSameShape(operation, "gain", {cols}, vgain.shape());
  if (shift) RequireSameShape(operation, "shift", {cols}, vshift.shape());

  const size_t width = cols / groups;
  std::vector<Moments> moments(rows * groups);
  Tensor y = tape.Uninitialized(vx.shape());
  ForRows(tape.threads(), rows * groups, width, [&](size_t i) {
    const Real* from = vx.data() + i * width;
    const size_t first = i % groups * width;
    moments[i] = MomentsOf(from, width, centred);
    Normalize(moments[i], from, width, vgain.data() + first, shift ? vshift.data() + first : nullptr, y.data() + i * width);
  });

  // With n = (x - mean) scale and e = dy gain: dx = scale (e - mean(e) - n mean(e n)), without mean(e) where x was not
  // centred; dgain = sum of dy n over rows.
  return tape.Record(y, {x, gain, shift}, [=, &tape, moments = std::move(moments)](const Tensor& grad) {
    const Real *values = vx.data(), *dy = grad.data();
    const Moments* m = moments.data();
    if (tape.Needs(x)) {
      ForRows(tape.threads(), rows * groups, width, [=, dx = tape.Grad(x).data()](size_t i) {
        const Real *from = values + i * width, *g = vgain.data() + i % groups * width, *d = dy + i * width;
        Real* to = dx + i * width;
        const auto [mean, scale] = m[i];
        const auto normal = [=, mean = mean, scale = scale](size_t j) { return (from[j] - mean) * scale; };
        const double count = static_cast<double>(width);
        const auto mean_e = centred ? static_cast<Real>(Sum(width, [&](size_t j) { return d[j] * g[j]; }) / count) : Real{0};
        const auto mean_en = static_cast<Real>(Sum(width, [&](size_t j) { return d[j] * g[j] * normal(j); }) / count);
        for (size_t j = 0; j < width; ++j) to[j] += scale * (d[j] * g[j] - mean_e - normal(j) * mean_en);
      });
    }
    if (tape.Needs(gain)) {
      AddColumnSums(tape.threads(), rows, cols, tape.Grad(gain).data(), [=](size_t row, size_t col) {
        const auto [mean, scale] = m[row * groups + col / width];
        return dy[row * cols + col] * ((values[row * cols + col] - mean) * scale);
      });
    }
    if (tape.Needs(shift)) {
      AddColumnSums(tape.threads(), rows, cols, tape.Grad(shift).data(),
                    [=](size_t row, size_t col) { return dy[row * cols + col]; });
    }
  });
}

}  // namespace

Moments MomentsOf(const Real* x, size_t n, bool centred) {
  const double count = static_cast<double>(n);
  const double mean = centred ? Sum(n, [&](size_t i) { return x[i]; }) / count : 0;
  const double variance = Sum(n, [&](size_t i) { return (x[i] - mean) * (x[i] - mean); }) / count;
  return {static_cast<Real>(mean), static_cast<Real>(1 / std::sqrt(variance + 1e-5))};
}

void NormalizeGroups(const Real* x, size_t n, size_t groups, bool centred, const Real* gain, const Real* shift, Real* y) {
  const size_t width = n / groups;
  for (size_t first = 0; first < n; first += width) {
    const Moments moments = MomentsOf(x + first, width, centred);
    Normalize(moments, x + first, width, gain + first, shift == nullptr ? nullptr : shift + first, y + first);
  }
}

Var LayerNorm(Tape& tape, Var x, Var gain, Var shift) { return Normalized(tape, "layer norm", x, 1, true, gain, shift); }

Var RmsNorm(Tape& tape, Var x, Var gain) { return Normalized(tape, "rms norm", x, 1, false, gain, {}); }

Var GroupNorm(Tape& tape, Var x, size_t groups, Var gain, Var shift) {
  return Normalized(tape, "group norm", x, groups, true, gain, shift);
}

}  // namespace eddy

#include "ops/rotary.h"

#include <cmath>
#include <vector>

#include "kernels/loops.h"
#include "ops/lengths.h"

namespace eddy {

void RotaryFactors(size_t step, size_t width, Real* factors) {
  for (size_t i = 0; i < width; i += 2) {
    const double frequency = std::pow(10000, -static_cast<double>(i) / static_cast<double>(width));
    const double angle = static_cast<double>(step) * frequency;
    factors[i] = static_cast<Real>(std::cos(angle));
    factors[i + 1] = static_cast<Real>(std::sin(angle));
  }
}

void Rotate(const Real* factors, size_t heads, size_t width, const Real* x, Real* y) {
  for (size_t h = 0; h < heads; ++h, x += width, y += width) {
    for (size_t i = 0; i < width; i += 2) {
      const Real a = x[i], b = x[i + 1], cos = factors[i], sin = factors[i + 1];
      y[i] = a * cos - b * sin;
      y[i + 1] = a * sin + b * cos;
    }
  }
}

Var Rotary(Tape& tape, Var x, size_t heads, const Sequence& sequence) {
  const Tensor vx = tape.Value(x);
  const size_t T = sequence.steps, B = sequence.rows, H = vx.dim(2), width = H / heads;
  const Tensor factors = Tensor::Uninitialized({T, width});
  ForRows(tape.threads(), T, 16 * width, [&](size_t t) { RotaryFactors(t, width, factors.data() + t * width); });
  const auto factors_of = [=, resets = LatestResets(sequence)](size_t i) {
    return factors.data() + (i / B - (resets.empty() ? 0 : resets[i])) * width;
  };
  Tensor y = tape.Uninitialized(vx.shape());
  ForRows(tape.threads(), T * B, H,
          [&](size_t i) { Rotate(factors_of(i), heads, width, vx.data() + i * H, y.data() + i * H); });

  // The gradient is turned back.
  return tape.Record(y, {x}, [=, &tape](const Tensor& grad) {
    ForRows(tape.threads(), T * B, H, [&, dx = tape.Grad(x).data(), dy = grad.data()](size_t i) {
      const Real* angle = factors_of(i);
      for (size_t j = 0; j < H; j += 2) {
        const Real a = dy[i * H + j], b = dy[i * H + j + 1], cos = angle[j % width], sin = angle[j % width + 1];
        dx[i * H + j] += a * cos + b * sin;
        dx[i * H + j + 1] += b * cos - a * sin;
      }
    });
  });
}

}  // namespace eddy

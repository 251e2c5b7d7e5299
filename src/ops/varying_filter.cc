#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

Var VaryingFilter(Tape& tape, Var taps, Var before, const Tensor& sound) {
  const Tensor values = tape.Value(taps);
  const Shape shape = values.shape();
  Require(shape.rank() == 3 && values.size() > 0, "varying filter", "taps", "[T, B, K], not empty", shape.ToString());
  const size_t T = shape[0], B = shape[1], K = shape[2];
  if (sound.rank() != 3 || sound.dim(0) != T || sound.dim(1) != B || sound.dim(2) < K) {
    Fail("varying filter", "sound", Shape({T, B, K}).ToString() + " or with more columns", sound.shape().ToString());
  }
  const size_t W = sound.dim(2), S = W - K + 1;
  if (before) RequireSameShape("varying filter", "before", {B, K}, tape.Value(before).shape());
  const Tensor first = before ? tape.Value(before) : Tensor();
  const auto last_of = [=](size_t at) {  // the taps from which those of position at = t B + b glide away
    return at >= B ? values.data() + (at - B) * K : first.empty() ? values.data() + at * K : first.data() + at * K;
  };
  const auto part_at = [S](size_t s) { return static_cast<Real>(s + 1) / static_cast<Real>(S); };

  Tensor y({T, B, S});
  ForRows(tape.threads(), T * B, S * K, [&](size_t at) {
    const Real *x = sound.data() + at * W, *from = last_of(at), *to = values.data() + at * K;
    Real* out = y.data() + at * S;
    for (size_t k = 0; k < K; ++k) {
      for (size_t s = 0; s < S; ++s) out[s] += (from[k] + part_at(s) * (to[k] - from[k])) * x[s + k];
    }
  });

  return tape.Record(y, {taps, before}, [=, &tape](const Tensor& grad) {
    // d loss / d the taps at the end of step `at`, and at its beginning.
    const auto add = [&](size_t at, bool end, Real* to) {
      const Real *x = sound.data() + at * W, *dy = grad.data() + at * S;
      for (size_t s = 0; s < S; ++s) {
        const Real slope = dy[s] * (end ? part_at(s) : 1 - part_at(s));
        for (size_t k = 0; k < K; ++k) to[k] += slope * x[s + k];
      }
    };
    if (tape.Needs(taps)) {
      Real* const d_taps = tape.Grad(taps).data();
      ForRows(tape.threads(), T * B, 2 * S * K, [&](size_t at) {
        add(at, true, d_taps + at * K);
        if (at + B < T * B) add(at + B, false, d_taps + at * K);
        if (at < B && first.empty()) add(at, false, d_taps + at * K);
      });
    }
    if (tape.Needs(before)) {
      for (size_t b = 0; b < B; ++b) add(b, false, tape.Grad(before).data() + b * K);
    }
  });
}

}  // namespace eddy

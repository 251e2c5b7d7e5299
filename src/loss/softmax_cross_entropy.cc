#include <cmath>
#include <vector>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "kernels/pieces.h"
#include "loss/mean_loss.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// The number of targets that count; throws Error for one out of range.
size_t CheckTargets(std::span<const int32_t> targets, size_t classes) {
  size_t counted = 0;
  for (int32_t target : targets) {
    if (target == kIgnore) continue;
    if (target < 0 || static_cast<size_t>(target) >= classes) {
      Fail("softmax cross-entropy", "a target", "-1 or in [0, " + std::to_string(classes) + ")", std::to_string(target));
    }
    ++counted;
  }
  return counted;
}

}  // namespace

Var SoftmaxCrossEntropy(Tape& tape, Var logits, std::span<const int32_t> targets, double smoothing) {
  const Tensor x = tape.Value(logits);
  const size_t rows = Rows(x.shape()), classes = Cols(x.shape());
  if (rows != targets.size() || x.rank() < 1) {
    Fail("softmax cross-entropy", "logits", "[" + std::to_string(targets.size()).append(", V]"), x.shape().ToString());
  }
  if (!(smoothing >= 0 && smoothing < 1)) {
    Fail("softmax cross-entropy", "smoothing", "in [0, 1)", std::to_string(smoothing));
  }
  const size_t counted = CheckTargets(targets, classes);
  const double share = smoothing / static_cast<double>(classes);  // of the target distribution that every class has

  // log(sum of exp) - the target distribution's mean of x, all less the row's maximum.
  std::vector<int32_t> kept(targets.begin(), targets.end());
  std::vector<SoftmaxScale> scales(rows);
  std::vector<double> losses(rows);
  const auto measure = [&](size_t row) {
    if (kept[row] == kIgnore) return;
    const Real* from = x.data() + row * classes;
    const auto [max, sum] = scales[row] = ScaleOfSoftmax(from, classes);
    const auto below = [=, max = static_cast<double>(max)](size_t i) { return max - from[i]; };
    losses[row] = std::log(sum) + (1 - smoothing) * below(static_cast<size_t>(kept[row]));
    if (smoothing > 0) losses[row] += share * Sum(classes, below);
  };
  ForPieces(tape.threads(), rows, classes, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) measure(row);
  });
  Tensor mean{Shape{}};
  const double weight = counted > 0 ? 1 / static_cast<double>(counted) : 0;
  mean[0] = Finite(weight * Sum(rows, [&](size_t row) { return losses[row]; }));

  return tape.Record(mean, {logits}, [=, &tape, kept = std::move(kept), scales = std::move(scales)](const Tensor& grad) {
    Real* dx = tape.Grad(logits).data();
    const double dy = grad[0] * weight;
    const auto add_slope = [&](size_t row) {
      if (kept[row] == kIgnore) return;
      const auto [max, sum] = scales[row];
      Real* to = dx + row * classes;
      AddScaledExp(x.data() + row * classes, classes, max, static_cast<Real>(dy / sum), static_cast<Real>(-dy * share), to);
      to[kept[row]] -= static_cast<Real>(dy * (1 - smoothing));
    };
    ForPieces(tape.threads(), rows, classes, [&](size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) add_slope(row);
    });
  });
}

}  // namespace eddy

// What all losses but the softmax share: a position has `width` inputs side by side and `target_width` targets; its loss and
// slopes come from one function, and the whole is the weighted mean over the positions.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "eddy/tape.h"
#include "kernels/loops.h"

namespace eddy {

// The nearest number in the range of Real; NaN stays.
inline Real Finite(double x) {
  constexpr double kMost = std::numeric_limits<Real>::max();
  return static_cast<Real>(std::clamp(x, -kMost, kMost));
}

struct LossShape {
  std::string_view name;  // for errors
  size_t width = 1;
  size_t target_width = 1;
  double least = -std::numeric_limits<double>::max();  // a target that counts lies in [least, most]
  double most = std::numeric_limits<double>::max();
  std::string_view range = "finite";  // the same in words
};

// Throws Error unless input is [N..., width] and target [N...].
void RequirePositions(const LossShape& shape, const Shape& input, const Shape& target);

// Throws Error unless weights are finite, not negative, and one a position, and targets that count are in range. Returns
// the sum of the weights, the number of positions where none are given.
double CheckPositions(const LossShape& shape, size_t positions, const Tensor& target, const Tensor& weights);

// loss(const Real* input, const Real* target, Real* slopes) returns a position's loss and writes d loss / d input.
// The caller has checked that the shapes of input and target agree.
template <class Loss>
Var MeanLoss(Tape& tape, const LossShape& shape, Var input, const Tensor& target, const Tensor& weights, const Loss& loss) {
  constexpr size_t kBlock = 512;
  const Tensor inputs = tape.Value(input);
  const size_t width = shape.width, n = inputs.size() / width;
  const double total = CheckPositions(shape, n, target, weights);

  Tensor slopes(inputs.shape());
  const double sum = SumBlocks(tape.threads(), n, kBlock, [&](size_t begin, size_t end) {
    double sum = 0;
    for (size_t i = begin; i < end; ++i) {
      const double weight = weights.empty() ? 1 : weights[i];
      if (weight == 0) continue;  // not even looked at: its target may be missing
      Real* slope = slopes.data() + i * width;
      sum += weight * loss(inputs.data() + i * width, target.data() + i * shape.target_width, slope);
      for (size_t j = 0; j < width; ++j) slope[j] *= static_cast<Real>(weight / total);
    }
    return sum;
  });

  Tensor mean{Shape{}};
  if (total > 0) mean[0] = Finite(sum / total);
  return tape.Record(mean, {input}, [=, &tape](const Tensor& grad) {
    ForEach(tape.threads(), slopes.size(),
            [dx = tape.Grad(input).data(), slope = slopes.data(), dy = grad[0]](size_t i) { dx[i] += dy * slope[i]; });
  });
}

}  // namespace eddy

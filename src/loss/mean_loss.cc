#include "loss/mean_loss.h"

#include <string>

#include "eddy/error.h"
#include "ops/shapes.h"

namespace eddy {

void RequirePositions(const LossShape& shape, const Shape& input, const Shape& target) {
  if (input.rank() < 1 || Cols(input) != shape.width) {
    Fail(shape.name, "the last dimension of the input", std::to_string(shape.width), input.ToString());
  }
  RequireSameShape(shape.name, "target", RowsOf(input), target);
}

double CheckPositions(const LossShape& shape, size_t positions, const Tensor& target, const Tensor& weights) {
  Require(!target.empty(), shape.name, "target", "an array", "an empty tensor");
  if (!weights.empty() && weights.size() != positions) {
    Fail(shape.name, "weights", "one a position, " + std::to_string(positions), weights.shape().ToString());
  }
  double total = 0;
  for (size_t i = 0; i < positions; ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (!(weight >= 0 && std::isfinite(weight))) Fail(shape.name, "a weight", "finite, at least 0", std::to_string(weight));
    total += weight;
    for (size_t j = 0; weight > 0 && j < shape.target_width; ++j) {
      const double y = target[i * shape.target_width + j];
      if (y >= shape.least && y <= shape.most) continue;
      Fail(shape.name, "a target", shape.range, std::to_string(y));
    }
  }
  return total;
}

}  // namespace eddy

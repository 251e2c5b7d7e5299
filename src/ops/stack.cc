#include <algorithm>
#include <vector>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {
namespace {

// [n, the dimensions of `shape`].
Shape Stacked(size_t n, const Shape& shape) {
  switch (shape.rank()) {
    case 0:
      return {n};
    case 1:
      return {n, shape[0]};
    case 2:
      return {n, shape[0], shape[1]};
    default:
      return {n, shape[0], shape[1], shape[2]};
  }
}

}  // namespace

Var Stack(Tape& tape, std::span<const Var> steps) {
  Require(!steps.empty(), "stack", "steps", "at least one", "none");
  const Shape shape = tape.Value(steps[0]).shape();
  Require(shape.rank() < Shape::kMostDims, "stack", "a step", "of at most 3 dimensions", shape.ToString());
  for (const Var step : steps) RequireSameShape("stack", "a step", shape, tape.Value(step).shape());

  const size_t size = shape.size();
  Tensor y = tape.Uninitialized(Stacked(steps.size(), shape));
  for (size_t t = 0; t < steps.size(); ++t) {
    ForEach(tape.threads(), size,
            [from = tape.Value(steps[t]).data(), to = y.data() + t * size](size_t i) { to[i] = from[i]; });
  }
  const std::vector<Var> inputs(steps.begin(), steps.end());
  return tape.Record({y}, inputs, [=, &tape](const std::vector<Var>& outputs) {
    const Tensor grad = tape.Grad(outputs[0]);
    for (size_t t = 0; t < inputs.size(); ++t) {
      if (!tape.Needs(inputs[t])) continue;
      ForEach(tape.threads(), size,
              [dx = tape.Grad(inputs[t]).data(), dy = grad.data() + t * size](size_t i) { dx[i] += dy[i]; });
    }
  })[0];
}

}  // namespace eddy

// The weights that layers start from.
#pragma once

#include <cmath>
#include <string>

#include "eddy/tape.h"
#include "recurrent/initialize.h"

namespace eddy {

// [outputs, inputs], uniform in +-sqrt(3 / inputs), which keeps the inputs' variance.
inline Parameter UniformWeights(const std::string& name, size_t outputs, size_t inputs, Random& random) {
  Tensor weights({outputs, inputs});
  const double limit = std::sqrt(3 / static_cast<double>(inputs));
  FillUniform(weights, -limit, limit, random);
  return {name, weights};
}

}  // namespace eddy

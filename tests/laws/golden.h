// Goldens: outputs and gradients of another framework, stored as flat arrays.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "laws/gradient.h"

namespace eddy {

inline nlohmann::json ReadGolden(const std::string& name) {
  std::ifstream file(EDDY_SOURCE_DIR "/tests/goldens/" + name + ".json");
  return nlohmann::json::parse(file);
}

inline Tensor GoldenTensor(const Shape& shape, const nlohmann::json& values) {
  return Tensor::From(shape, values.get<std::vector<Real>>());
}

// Within a tolerance relative to the largest element, or to 0.5 where all are smaller: some are 0 but for rounding.
inline void ExpectGolden(const std::string& what, const Tensor& given, const nlohmann::json& expected) {
  const auto values = expected.get<std::vector<double>>();
  ASSERT_EQ(given.size(), values.size()) << what;
  double scale = 0.5;
  for (double value : values) scale = std::max(scale, std::fabs(value));
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(given[i], values[i], (kDouble ? 1e-9 : 1e-5) * scale) << what << ", element " << i;
  }
}

// A loss of value 0 whose gradient by y is the one given.
inline Var LossWithGradient(Tape& tape, Var y, const Tensor& gradient) {
  return tape.Record(Tensor(Shape{}), {y}, [=, &tape](const Tensor&) {
    Tensor& grad = tape.Grad(y);
    for (size_t i = 0; i < grad.size(); ++i) grad[i] += gradient[i];
  });
}

}  // namespace eddy

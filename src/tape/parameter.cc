#include "eddy/parameter.h"

#include <algorithm>

#include "eddy/error.h"

namespace eddy {

Parameter& OwnedParameter::operator*() const {
  Require(parameter_ != nullptr, "layer", "its parameters", "there", "gone with the layer it was moved to");
  for (const Tensor* array : {&parameter_->value, &parameter_->grad}) {
    if (array->empty() || array->shape() != shape_) {
      Fail("layer", parameter_->name, "of shape " + shape_.ToString(), array->shape().ToString());
    }
  }
  return *parameter_;
}

void CheckParameters(std::string_view operation, std::span<const Parameter* const> parameters) {
  for (const Parameter* parameter : parameters) {
    Require(parameter != nullptr, operation, "a parameter", "one", "null");
    Require(!parameter->value.empty(), operation, "a parameter", "an array", "empty");
    if (parameter->grad.empty() || parameter->grad.shape() != parameter->value.shape()) {
      Fail(operation, "the gradient of " + parameter->name, "of shape " + parameter->value.shape().ToString(),
           parameter->grad.shape().ToString());
    }
  }
}

void CopyWeights(std::span<const Parameter* const> from, std::span<Parameter* const> to) {
  if (from.size() != to.size()) {
    Fail("copy weights", "parameters", std::to_string(to.size()) + " of them", std::to_string(from.size()));
  }
  CheckParameters("copy weights", from);
  CheckParameters("copy weights", to);
  for (size_t i = 0; i < from.size(); ++i) {
    const Shape& shape = from[i]->value.shape();
    if (shape != to[i]->value.shape()) {
      Fail("copy weights", from[i]->name, "of shape " + to[i]->value.shape().ToString(), shape.ToString());
    }
  }
  for (size_t i = 0; i < from.size(); ++i) {
    std::copy_n(from[i]->value.data(), from[i]->value.size(), to[i]->value.data());
  }
}

void SetFixed(std::span<Parameter* const> parameters, bool fixed) {
  CheckParameters("set fixed", parameters);
  for (Parameter* parameter : parameters) parameter->fixed = fixed;
}

}  // namespace eddy

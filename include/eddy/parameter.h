// Parameters: the trained arrays of layers, and how they get in and out of a network.
//
// A layer may be moved at any time, between a forward and its backward too: its parameters stay where they are, and
// optimizers may keep their addresses as long as it lives. It cannot be copied, which would be 40 MB or two names of the
// same weights: make another of the same options and use CopyWeights(). A layer that has been moved from has no parameters;
// to run it, or to make a stream of it, throws Error.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eddy/export.h"
#include "eddy/tensor.h"

EDDY_API_BEGIN
namespace eddy {

// A trained array and its gradient. The gradient has the value's shape; Tape::Backward adds to it, an optimizer reads it
// and whoever runs the loop zeroes it.
struct Parameter {
  std::string name;
  Tensor value;
  Tensor grad;
  // A fixed (frozen) parameter receives no gradient, none is computed for it, and an optimizer leaves it as it is. May
  // change from step to step.
  bool fixed = false;

  Parameter() = default;
  Parameter(std::string name, Tensor value) : name(std::move(name)), value(value), grad(value.shape()) {}
  Parameter(Parameter&&) noexcept = default;
  Parameter& operator=(Parameter&&) noexcept = default;
};

// A parameter that a layer owns, or none. Its address does not change when it is moved. Like a pointer's, its constness is
// not that of the parameter.
class OwnedParameter {
 public:
  OwnedParameter() = default;  // none
  OwnedParameter(Parameter parameter)
      : parameter_(std::make_unique<Parameter>(std::move(parameter))), shape_(parameter_->value.shape()) {}
  OwnedParameter(std::string name, Tensor value) : OwnedParameter(Parameter(std::move(name), std::move(value))) {}

  explicit operator bool() const { return parameter_ != nullptr; }
  // Throws Error where there is none, as in a layer that has been moved from, and where the shape of the value or of the
  // gradient is no longer that it was made with.
  Parameter& operator*() const;
  Parameter* operator->() const { return &**this; }
  Tensor value() const { return parameter_ ? (**this).value : Tensor(); }  // empty where there is none

 private:
  std::unique_ptr<Parameter> parameter_;
  Shape shape_;
};

// What parameters() of a const layer puts out: those of the layer, to be read.
template <class Layer>
std::vector<const Parameter*> ReadOnly(const Layer& layer) {
  const std::vector<Parameter*> all = const_cast<Layer&>(layer).parameters();  // a list, which changes nothing
  return {all.begin(), all.end()};
}

// Copies the values, not the gradients, from one network to another of the same options, in the order of their parameters().
// Throws Error, and copies nothing, where numbers or shapes differ; names may.
void CopyWeights(std::span<const Parameter* const> from, std::span<Parameter* const> to);

// Throws Error, in this operation's name, where a parameter is null or empty, or its gradient not of its shape.
void CheckParameters(std::string_view operation, std::span<const Parameter* const> parameters);

// Fixes them, or lets them be trained again.
void SetFixed(std::span<Parameter* const> parameters, bool fixed);

}  // namespace eddy
EDDY_API_END

#include "eddy/linear.h"

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/projection.h"
#include "nn/weights.h"
#include "recurrent/stream_rows.h"

namespace eddy {

LinearLayer::LinearLayer(const LinearOptions& options, const std::string& name, Random& random) : options_(options) {
  const auto in_range = [](const char* argument, size_t width) {
    if (width < 1 || width > size_t{1} << 20) Fail("linear", argument, "between 1 and 2^20", std::to_string(width));
  };
  in_range("input", options.input);
  in_range("output", options.output);
  W_ = UniformWeights(name + ".W", options.output, options.input, random);
  if (options.bias) b_ = Parameter(name + ".b", Tensor({options.output}));
}

Var LinearLayer::Forward(Tape& tape, Var x) const { return Linear(tape, x, tape.Use(*W_), b_ ? tape.Use(*b_) : Var()); }

std::vector<Parameter*> LinearLayer::parameters() {
  if (!options_.bias) return {&*W_};
  return {&*W_, &*b_};
}

LinearStream::LinearStream(const LinearLayer& layer, size_t rows, Precision precision)
    : LinearStream(layer.W_->value, layer.b_.value(), rows, precision) {}

LinearStream::LinearStream(const Tensor& weight, const Tensor& bias, size_t rows, Precision precision) {
  CheckStreamRows("linear stream", rows);
  projection_ = std::make_unique<Projection>(weight, bias, rows, precision);
  output_ = Tensor({rows, weight.dim(0)});
}

LinearStream::~LinearStream() = default;
LinearStream::LinearStream(LinearStream&&) noexcept = default;

std::span<const Real> LinearStream::Step(const Real* input) noexcept {
  if (projection_ == nullptr) return {};
  (*projection_)(input, output_.data());
  return output_.values();
}

}  // namespace eddy

#include "nn/convolution_step.h"

#include <algorithm>

#include "eddy/error.h"
#include "nn/state_count.h"
#include "ops/windows.h"
#include "recurrent/stream_rows.h"

namespace eddy {
namespace {

TapShape ShapeOf(const Conv1dOptions& o) { return {o.output, o.kernel, o.input, o.convolution.groups}; }

}  // namespace

ConvolutionStep::ConvolutionStep(const Conv1d& layer, size_t rows, Precision precision)
    : product_(ShapeOf(layer.options()), layer.Weight().data(), precision), bias_(layer.bias().Clone()), rows_(rows) {
  const ConvolutionOptions& convolution = layer.options().convolution;
  Require(convolution.padding == Padding::kCausal, "convolution stream", "padding", "causal", "other");
  CheckStreamRows("convolution stream", rows);
  dilation_ = convolution.dilation;
  stride_ = convolution.stride;
  span_ = Span(layer.options().kernel, convolution);
  Require(span_ < kMostCount, "convolution stream", "steps that an output sees", "below 2^24", std::to_string(span_));
  CheckStreamState("convolution stream", {span_, rows, layer.options().input});
  gathered_ = Tensor::Uninitialized({rows, product_.shape().GatheredWidth()});
}

void ConvolutionStep::Reset(Real* state) const noexcept { std::fill_n(state, state_size(), Real{0}); }

bool ConvolutionStep::Step(Real* state, const Real* input, Real* output) noexcept {
  const TapShape& shape = product_.shape();
  const size_t place = CountIn(state[kPlace], span_), wait = CountIn(state[kWait], stride_), width = rows_ * shape.inputs;
  Real* window = state + kWindow;
  std::copy_n(input, width, window + place * width);
  state[kPlace] = static_cast<Real>(place + 1 == span_ ? 0 : place + 1);
  state[kWait] = static_cast<Real>(wait == 0 ? stride_ - 1 : wait - 1);
  if (wait > 0) return false;
  for (size_t row = 0; row < rows_; ++row) {
    const auto tap = [&](size_t k) {
      const size_t before = (shape.kernel - 1 - k) * dilation_;
      return window + (place >= before ? place - before : place + span_ - before) * width + row * shape.inputs;
    };
    GatherTaps(shape, tap, gathered_.data() + row * shape.GatheredWidth());
  }
  product_.Multiply(gathered_.data(), rows_, bias_.data(), output);
  return true;
}

}  // namespace eddy

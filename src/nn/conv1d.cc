#include "eddy/conv1d.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/convolution_step.h"
#include "nn/run_segment.h"
#include "recurrent/initialize.h"
#include "recurrent/stream_rows.h"

namespace eddy {
namespace {

constexpr size_t kMost = size_t{1} << 20;

void Check(const Conv1dOptions& o) {
  const auto in_range = [](const char* argument, size_t number) {
    if (number < 1 || number > kMost) Fail("conv1d", argument, "between 1 and 2^20", std::to_string(number));
  };
  in_range("input", o.input);
  in_range("output", o.output);
  in_range("kernel", o.kernel);
  in_range("dilation", o.convolution.dilation);
  in_range("stride", o.convolution.stride);
  const size_t groups = o.convolution.groups;
  if (groups < 1 || o.input % groups != 0 || o.output % groups != 0) {
    Fail("conv1d", "groups", "a divisor of input and output", std::to_string(groups));
  }
}

size_t StepsBack(const Conv1dOptions& o) { return (o.kernel - 1) * o.convolution.dilation; }

// The Euclidean norm of each entry of the first dimension.
Tensor Lengths(const Tensor& directions) {
  Tensor lengths({directions.dim(0)});
  const size_t cols = directions.size() / lengths.size();
  for (size_t n = 0; n < lengths.size(); ++n) {
    double squares = 0;
    for (size_t i = 0; i < cols; ++i) squares += std::pow(static_cast<double>(directions[n * cols + i]), 2);
    lengths[n] = static_cast<Real>(std::sqrt(squares));
  }
  return lengths;
}

}  // namespace

Conv1d::Conv1d(const Conv1dOptions& options, const std::string& name, Random& random) : options_(options) {
  Check(options);
  const size_t inputs = options.input / options.convolution.groups;
  Tensor weight({options.output, options.kernel, inputs});
  const double limit = std::sqrt(3 / static_cast<double>(options.kernel * inputs));
  FillUniform(weight, -limit, limit, random);
  W_ = Parameter(name + (options.weight_norm ? ".V" : ".W"), weight);
  if (options.weight_norm) g_ = Parameter(name + ".g", Lengths(weight));
  if (options.bias) b_ = Parameter(name + ".b", Tensor({options.output}));
}

Var Conv1d::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  Var weight = tape.Use(*W_);
  if (options_.weight_norm) weight = WeightNorm(tape, weight, tape.Use(*g_));
  const auto convolve = [&](Var seen, const Sequence& steps) {
    return Convolution(tape, seen, weight, options_.bias ? tape.Use(*b_) : Var(), options_.convolution, steps);
  };
  if (segment == nullptr) return convolve(x, sequence);
  const ConvolutionOptions& o = options_.convolution;
  Require(o.padding == Padding::kCausal && o.stride == 1, "conv1d", "in segments", "causal, with stride 1", "another");
  return RunSegment(StepsBack(options_), tape, x, sequence, segment, convolve);
}

std::vector<size_t> Conv1d::state_widths() const { return PastWidths(StepsBack(options_), options_.input); }

Tensor Conv1d::Weight() const {
  if (!options_.weight_norm) return W_->value;
  Threads one;
  Tape tape(one, Tape::Mode::kInference);
  return tape.Value(WeightNorm(tape, tape.Constant(W_->value), tape.Constant(g_->value)));
}

std::vector<Parameter*> Conv1d::parameters() {
  std::vector<Parameter*> all;
  for (OwnedParameter* p : {&W_, &g_, &b_}) {
    if (p == &W_ || *p) all.push_back(&**p);
  }
  return all;
}

Conv1dStream::Conv1dStream(const Conv1d& layer, size_t rows, Precision precision) try
    : step_(std::make_unique<ConvolutionStep>(layer, rows, precision)),
      state_(step_->state_size()),
      output_(step_->output_size()) {
} catch (const std::bad_alloc&) {
  FailStreamMemory("conv1d stream", rows);
}

Conv1dStream::~Conv1dStream() = default;
Conv1dStream::Conv1dStream(Conv1dStream&&) noexcept = default;

std::span<const Real> Conv1dStream::Step(const Real* input) noexcept {
  if (step_ == nullptr || !step_->Step(state_.data(), input, output_.data())) return {};
  return output_;
}

std::span<Real> Conv1dStream::state() {
  CheckStream("conv1d stream", step_);
  return state_;
}

void Conv1dStream::Reset() {
  CheckStream("conv1d stream", step_);
  step_->Reset(state_.data());
}

}  // namespace eddy

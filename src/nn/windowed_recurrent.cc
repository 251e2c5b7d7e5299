#include "eddy/windowed_recurrent.h"

#include <algorithm>

#include "eddy/convolution.h"
#include "eddy/error.h"
#include "nn/run_segment.h"
#include "nn/stack_step.h"
#include "recurrent/stream_rows.h"

namespace eddy {
namespace {

StackOptions OneLayer(const WindowedRecurrentOptions& o) {
  constexpr size_t kMost = size_t{1} << 20;
  Require(!o.recurrent.reverse, "windowed recurrent", "layer", "forward", "reversed");
  if (o.kernel < 1 || o.kernel > kMost) {
    Fail("windowed recurrent", "kernel", "between 1 and 2^20", std::to_string(o.kernel));
  }
  StackOptions options;
  options.layer = o.recurrent;
  options.layer.input *= o.kernel;
  return options;
}

}  // namespace

WindowedRecurrent::WindowedRecurrent(const WindowedRecurrentOptions& options, const std::string& name, Random& random)
    : options_(options), recurrent_(OneLayer(options), name, random) {}

Var WindowedRecurrent::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const {
  const auto taps = [&](Var seen, const Sequence& steps) { return Taps(tape, seen, options_.kernel, steps); };
  return RunSegment(recurrent_, tape, RunSegment(options_.kernel - 1, tape, x, sequence, segment, taps), sequence, segment);
}

std::vector<size_t> WindowedRecurrent::state_widths() const {
  return Joined(PastWidths(options_.kernel - 1, options_.recurrent.input), StateWidths(recurrent_));
}

WindowedRecurrentStream::WindowedRecurrentStream(const WindowedRecurrent& layer, size_t rows, Precision precision) try
    : rows_(rows),
      inputs_(layer.options_.recurrent.input),
      seen_(layer.options_.kernel * inputs_),
      output_size_(rows * layer.output_width()),
      step_(std::make_unique<StackStep>(layer.recurrent_, rows, precision)),
      state_(rows * seen_ + step_->state_size()) {
  Reset();
} catch (const std::bad_alloc&) {
  FailStreamMemory("windowed recurrent stream", rows);
}

WindowedRecurrentStream::~WindowedRecurrentStream() = default;
WindowedRecurrentStream::WindowedRecurrentStream(WindowedRecurrentStream&&) noexcept = default;

std::span<const Real> WindowedRecurrentStream::Step(const Real* input) noexcept {
  if (step_ == nullptr) return {};
  for (size_t r = 0; r < rows_; ++r) {
    Real* window = state_.data() + r * seen_;
    std::copy(window + inputs_, window + seen_, window);
    std::copy_n(input + r * inputs_, inputs_, window + seen_ - inputs_);
  }
  return {step_->Step(state_.data() + rows_ * seen_, state_.data()), output_size_};
}

std::span<Real> WindowedRecurrentStream::state() {
  CheckStream("windowed recurrent stream", step_);
  return state_;
}

void WindowedRecurrentStream::Reset() {
  CheckStream("windowed recurrent stream", step_);
  std::fill_n(state_.data(), rows_ * seen_, Real{0});
  step_->Reset(state_.data() + rows_ * seen_);
}

}  // namespace eddy

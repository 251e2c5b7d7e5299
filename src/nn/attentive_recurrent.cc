#include "eddy/attentive_recurrent.h"

#include <algorithm>

#include "eddy/ops.h"
#include "kernels/math.h"
#include "nn/attention_step.h"
#include "nn/run_segment.h"
#include "nn/stack_step.h"
#include "nn/weights.h"
#include "recurrent/stream_rows.h"

namespace eddy {

AttentiveRecurrent::AttentiveRecurrent(const AttentiveRecurrentOptions& options, const std::string& name, Random& random)
    : recurrent_(options.recurrent, name + ".recurrent", random),
      attention_({output_width(), 0, 0, options.attention}, name + ".attention", random),
      Wc_(UniformWeights(name + ".Wc", output_width(), 2 * output_width(), random)),
      bc_(name + ".bc", Tensor({output_width()})) {}

Var AttentiveRecurrent::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment, Tensor* weights) const {
  const Var h = RunSegment(recurrent_, tape, x, sequence, segment);
  const Var both = Concat(tape, attention_.Forward(tape, h, sequence, segment, weights), h);
  return WithinLengths(tape, Tanh(tape, Linear(tape, both, tape.Use(*Wc_), tape.Use(*bc_))), sequence);
}

std::vector<size_t> AttentiveRecurrent::state_widths() const {
  return Joined(StateWidths(recurrent_), attention_.state_widths());
}

std::vector<Parameter*> AttentiveRecurrent::parameters() {
  std::vector<Parameter*> all = recurrent_.parameters();
  for (Parameter* parameter : attention_.parameters()) all.push_back(parameter);
  all.insert(all.end(), {&*Wc_, &*bc_});
  return all;
}

struct AttentiveRecurrentStream::Impl {
  size_t rows, width;  // B, R
  StackStep recurrent;
  AttentionStep attention;
  Projection combine;
  std::vector<Real> seen, both, output;  // c [B, R], [B, 2 R], [B, R]
};

AttentiveRecurrentStream::AttentiveRecurrentStream(const AttentiveRecurrent& layer, size_t steps, size_t rows,
                                                   Precision precision) try {
  CheckStreamRows("attentive recurrent stream", rows);
  const size_t R = layer.output_width();
  impl_ = std::make_unique<Impl>(
      Impl{rows, R, StackStep(layer.recurrent_, rows, precision), AttentionStep(layer.attention_, steps, rows, precision),
           Projection(layer.Wc_->value, layer.bc_.value(), rows, precision), std::vector<Real>(rows * R),
           std::vector<Real>(2 * rows * R), std::vector<Real>(rows * R)});
  state_.resize(impl_->recurrent.state_size() + impl_->attention.state_size());
  Reset();
} catch (const std::bad_alloc&) {
  FailStreamMemory("attentive recurrent stream", rows);
}

AttentiveRecurrentStream::~AttentiveRecurrentStream() = default;
AttentiveRecurrentStream::AttentiveRecurrentStream(AttentiveRecurrentStream&&) noexcept = default;

std::span<const Real> AttentiveRecurrentStream::Step(const Real* input) noexcept {
  if (impl_ == nullptr) return {};
  Impl& s = *impl_;
  Real* attention_state = state_.data() + s.recurrent.state_size();
  if (s.attention.IsOver(attention_state)) return {};
  const Real* h = s.recurrent.Step(state_.data(), input);
  s.attention.Step(attention_state, h, s.seen.data());
  for (size_t r = 0; r < s.rows; ++r) {
    Real* both = s.both.data() + 2 * r * s.width;
    std::copy_n(h + r * s.width, s.width, std::copy_n(s.seen.data() + r * s.width, s.width, both));
  }
  s.combine(s.both.data(), s.output.data());
  TanhArray(s.output.data(), s.output.size(), s.output.data());
  return s.output;
}

std::span<Real> AttentiveRecurrentStream::state() {
  CheckStream("attentive recurrent stream", impl_);
  return state_;
}

void AttentiveRecurrentStream::Reset() {
  CheckStream("attentive recurrent stream", impl_);
  impl_->recurrent.Reset(state_.data());
  impl_->attention.Reset(state_.data() + impl_->recurrent.state_size());
}

}  // namespace eddy

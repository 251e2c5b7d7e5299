#include "nn/attention_step.h"
#include "recurrent/stream_rows.h"

namespace eddy {

AttentionStream::AttentionStream(const MultiHeadAttention& layer, size_t steps, size_t rows, Precision precision) try
    : step_(std::make_unique<AttentionStep>(layer, steps, rows, precision)),
      state_(step_->state_size()),
      output_(step_->output_size()) {
} catch (const std::bad_alloc&) {
  FailStreamMemory("attention stream", rows);
}

AttentionStream::~AttentionStream() = default;
AttentionStream::AttentionStream(AttentionStream&&) noexcept = default;

std::span<const Real> AttentionStream::Step(const Real* input) noexcept {
  if (step_ == nullptr || !step_->Step(state_.data(), input, output_.data())) return {};
  return output_;
}

std::span<Real> AttentionStream::state() {
  CheckStream("attention stream", step_);
  return state_;
}

void AttentionStream::Reset() {
  CheckStream("attention stream", step_);
  step_->Reset(state_.data());
}

}  // namespace eddy

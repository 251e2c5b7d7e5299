#include "nn/attention_step.h"

namespace eddy {

AttentionStream::AttentionStream(const MultiHeadAttention& layer, size_t steps, size_t rows, Precision precision)
    : step_(std::make_unique<AttentionStep>(layer, steps, rows, precision)),
      state_(step_->state_size()),
      output_(step_->output_size()) {}

AttentionStream::~AttentionStream() = default;
AttentionStream::AttentionStream(AttentionStream&&) noexcept = default;

std::span<const Real> AttentionStream::Step(const Real* input) noexcept {
  if (!step_->Step(state_.data(), input, output_.data())) return {};
  return output_;
}

void AttentionStream::Reset() noexcept { step_->Reset(state_.data()); }

}  // namespace eddy

#include <algorithm>
#include <optional>

#include "eddy/error.h"
#include "eddy/residual_stack.h"
#include "nn/feed_forward_step.h"
#include "nn/norm_step.h"
#include "recurrent/stream_rows.h"

namespace eddy {

struct ResidualStream::Impl {
  struct Block {
    NormStep mixer_norm;
    std::unique_ptr<MixerStep> mixer;
    NormStep feed_forward_norm;
    FeedForwardStep feed_forward;
  };
  size_t inputs;  // B D
  std::optional<Projection> in;
  std::vector<Block> blocks;
  NormStep last_norm;
  std::vector<Real> x, normal, made, output;  // [B, H]
};

ResidualStream::ResidualStream(const ResidualStack& stack, size_t steps, size_t rows, Precision precision) try {
  CheckStreamRows("residual stream", rows);
  const auto& [input, hidden, dropout, norm, kind, width] = stack.options();
  impl_ = std::make_unique<Impl>(Impl{rows * input, {}, {}, NormStep(stack.last_norm_, rows), {}, {}, {}, {}});
  if (input != hidden) impl_->in.emplace(stack.W_->value, stack.b_.value(), rows, precision);
  size_t size = 0;
  for (const ResidualStack::Block& block : stack.blocks_) {
    impl_->blocks.push_back({NormStep(block.mixer_norm, rows), block.mixer->MakeStep(steps, rows, precision),
                             NormStep(block.feed_forward_norm, rows), FeedForwardStep(block.feed_forward, rows, precision)});
    size += impl_->blocks.back().mixer->state_size();
  }
  for (auto* array : {&impl_->x, &impl_->normal, &impl_->made, &impl_->output}) array->resize(rows * hidden);
  state_.resize(size);
  Reset();
} catch (const std::bad_alloc&) {
  FailStreamMemory("residual stream", rows);
}

ResidualStream::~ResidualStream() = default;
ResidualStream::ResidualStream(ResidualStream&&) noexcept = default;

// As ResidualStack::Forward.
std::span<const Real> ResidualStream::Step(const Real* input) noexcept {
  if (impl_ == nullptr) return {};
  Impl& s = *impl_;
  if (s.in) {
    (*s.in)(input, s.x.data());
  } else {
    std::copy_n(input, s.inputs, s.x.data());
  }
  const auto add = [&] {
    for (size_t i = 0; i < s.x.size(); ++i) s.x[i] += s.made[i];
  };
  Real* state = state_.data();
  for (Impl::Block& block : s.blocks) {
    block.mixer_norm(s.x.data(), s.normal.data());
    if (!block.mixer->Step(state, s.normal.data(), s.made.data())) return {};
    state += block.mixer->state_size();
    add();
    block.feed_forward_norm(s.x.data(), s.normal.data());
    block.feed_forward(s.normal.data(), s.made.data());
    add();
  }
  s.last_norm(s.x.data(), s.output.data());
  return s.output;
}

std::span<Real> ResidualStream::state() {
  CheckStream("residual stream", impl_);
  return state_;
}

void ResidualStream::Reset() {
  CheckStream("residual stream", impl_);
  Real* state = state_.data();
  for (Impl::Block& block : impl_->blocks) {
    block.mixer->Reset(state);
    state += block.mixer->state_size();
  }
}

}  // namespace eddy

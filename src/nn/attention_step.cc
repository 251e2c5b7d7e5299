#include "nn/attention_step.h"

#include <algorithm>
#include <string>

#include "eddy/error.h"
#include "nn/state_count.h"
#include "ops/attention_rows.h"
#include "ops/rotary.h"
#include "recurrent/stream_rows.h"

namespace eddy {
namespace {

size_t MostSeen(const AttentionOptions& options, size_t steps) {
  constexpr size_t kMost = kMostCount / 2;
  Require(options.causal, "attention stream", "attention", "causal", "not");
  if (options.window > 0) {
    if (steps != 0) Fail("attention stream", "steps", "0, for no limit, with a window", std::to_string(steps));
    if (options.window > kMost) Fail("attention stream", "window", "at most 2^23", std::to_string(options.window));
    return options.window;
  }
  if (steps < 1 || steps > kMost) {
    Fail("attention stream", "steps", "between 1 and 2^23 without a window", std::to_string(steps));
  }
  return steps;
}

}  // namespace

AttentionStep::AttentionStep(const MultiHeadAttention& layer, size_t steps, size_t rows, Precision precision)
    : options_(layer.options().attention),
      rows_(rows),
      head_width_(layer.options().hidden / options_.heads),
      most_(MostSeen(options_, steps)),
      query_(layer.Wq_->value, layer.bq_.value(), rows, precision),
      key_(layer.Wk_->value, layer.bk_.value(), rows, precision),
      value_(layer.Wv_->value, layer.bv_.value(), rows, precision),
      out_(layer.Wo_->value, layer.bo_.value(), rows, precision),
      cache_(head_width_, head_width_, most_, options_.window > 0),
      factors_(head_width_) {
  const MultiHeadAttentionOptions& o = layer.options();
  Require(o.memory == o.input, "attention stream", "memory", "as wide as the input", std::to_string(o.memory));
  CheckStreamRows("attention stream", rows);
  CheckStreamState("attention stream", {rows, options_.heads, cache_.size()});
  for (auto* array : {&queries_, &keys_, &values_, &attended_}) array->resize(rows * o.hidden);
}

void AttentionStep::Reset(Real* state) noexcept { std::fill_n(state, state_size(), Real{0}); }

bool AttentionStep::IsOver(const Real* state) const noexcept {
  return options_.window == 0 && CountIn(state[kKept], most_ + 1) == most_;
}

bool AttentionStep::Step(Real* state, const Real* input, Real* output) noexcept {
  if (IsOver(state)) return false;
  const size_t place = CountIn(state[kPlace], cache_.steps()), kept = CountIn(state[kKept], most_ + 1);
  const size_t seen = std::min(kept + 1, most_), run = LongCountIn(state + kRun);
  query_(input, queries_.data());
  key_(input, keys_.data());
  value_(input, values_.data());
  if (options_.positions == Positions::kRotary) {
    RotaryFactors(run, head_width_, factors_.data());
    const size_t heads = rows_ * options_.heads;
    Rotate(factors_.data(), heads, head_width_, queries_.data(), queries_.data());
    Rotate(factors_.data(), heads, head_width_, keys_.data(), keys_.data());
  }
  for (size_t i = 0; i < rows_ * options_.heads; ++i) {
    Real* memory = state + kCaches + i * cache_.size();
    const size_t at = i * head_width_;
    cache_.Put(memory, place, keys_.data() + at, values_.data() + at);
    cache_.Attend(memory, place, seen, queries_.data() + at, ScaleOf(options_, head_width_),
                  SlopeOf(options_, i % options_.heads), attended_.data() + at);
  }
  state[kPlace] = static_cast<Real>(place + 1 == cache_.steps() ? 0 : place + 1);
  state[kKept] = static_cast<Real>(seen);
  PutLongCount(run + 1, state + kRun);
  out_(attended_.data(), output);
  return true;
}

}  // namespace eddy

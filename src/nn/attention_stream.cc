#include <algorithm>
#include <string>

#include "eddy/error.h"
#include "eddy/multi_head_attention.h"
#include "nn/key_value_cache.h"
#include "nn/state_count.h"
#include "ops/attention_rows.h"

namespace eddy {
namespace {

// y [rows, N] = x [rows, K] W^T + b.
struct Projection {
  Projection(const Parameter& W, const Parameter& b, size_t rows, Precision precision)
      : weights(RowMajor(W.value.data(), W.value.dim(0), W.value.dim(1)).Transposed(), precision),
        bias(b.value.Clone()),
        y({rows, bias.size()}) {}

  const Real* operator()(const Real* x) noexcept {
    PackedProduct(RowMajor(x, y.dim(0), weights.rows()), weights, 0, y.dim(1), y.data(), y.dim(1), Start::kBias,
                  bias.data());
    return y.data();
  }

  PackedMatrix weights;
  Tensor bias, y;
};

// What a state holds: where in the rings the next step goes, how many steps are kept, and the caches [B, heads].
enum : size_t { kPlace, kKept, kCaches };

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

struct AttentionStream::Impl {
  size_t rows, heads, head_width, most;
  bool slides;
  Real scale;
  Projection query, key, value, out;
  KeyValueCache cache;
  Tensor attended;  // [B, H]
  std::vector<Real> state;
};

AttentionStream::AttentionStream(const MultiHeadAttention& layer, size_t steps, size_t rows, Precision precision) {
  const auto& [input, memory, hidden, attention] = layer.options();
  const size_t most = MostSeen(attention, steps), head_width = hidden / attention.heads;
  const bool slides = attention.window > 0;
  Require(memory == input, "attention stream", "memory", "as wide as the input", std::to_string(memory));
  Require(rows >= 1, "attention stream", "rows", "at least 1", "0");
  impl_ = std::make_unique<Impl>(
      Impl{rows, attention.heads, head_width, most, slides, ScaleOf(attention, head_width),
           Projection(layer.Wq_, layer.bq_, rows, precision), Projection(layer.Wk_, layer.bk_, rows, precision),
           Projection(layer.Wv_, layer.bv_, rows, precision), Projection(layer.Wo_, layer.bo_, rows, precision),
           KeyValueCache(head_width, head_width, most, slides), Tensor({rows, hidden}), std::vector<Real>()});
  impl_->state.resize(kCaches + rows * attention.heads * impl_->cache.size());
}

AttentionStream::~AttentionStream() = default;
AttentionStream::AttentionStream(AttentionStream&&) noexcept = default;

std::span<const Real> AttentionStream::Step(const Real* input) noexcept {
  Impl& s = *impl_;
  Real* state = s.state.data();
  const size_t place = CountIn(state[kPlace], s.cache.steps()), kept = CountIn(state[kKept], s.most + 1);
  if (kept == s.most && !s.slides) return {};
  const size_t seen = std::min(kept + 1, s.most);
  const Real *query = s.query(input), *key = s.key(input), *value = s.value(input);
  for (size_t i = 0; i < s.rows * s.heads; ++i) {
    Real* memory = state + kCaches + i * s.cache.size();
    const size_t at = i * s.head_width;
    s.cache.Put(memory, place, key + at, value + at);
    s.cache.Attend(memory, place, seen, query + at, s.scale, s.attended.data() + at);
  }
  state[kPlace] = static_cast<Real>(place + 1 == s.cache.steps() ? 0 : place + 1);
  state[kKept] = static_cast<Real>(seen);
  s.out(s.attended.data());
  return s.out.y.values();
}

std::span<Real> AttentionStream::state() { return impl_->state; }

void AttentionStream::Reset() noexcept { std::fill(impl_->state.begin(), impl_->state.end(), Real{0}); }

}  // namespace eddy

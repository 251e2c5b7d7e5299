#include "eddy/multi_head_attention.h"

#include <algorithm>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "nn/run_segment.h"
#include "nn/weights.h"

namespace eddy {
namespace {

MultiHeadAttentionOptions Checked(MultiHeadAttentionOptions o) {
  constexpr size_t kMost = size_t{1} << 20;
  if (o.memory == 0) o.memory = o.input;
  if (o.hidden == 0) o.hidden = o.input;
  const auto in_range = [](const char* argument, size_t width) {
    if (width < 1 || width > kMost) Fail("multi-head attention", argument, "between 1 and 2^20", std::to_string(width));
  };
  in_range("input", o.input);
  in_range("memory", o.memory);
  in_range("hidden", o.hidden);
  if (o.attention.heads < 1 || o.hidden % o.attention.heads != 0) {
    Fail("multi-head attention", "heads", "a divisor of hidden", std::to_string(o.attention.heads));
  }
  if (o.attention.positions == Positions::kRotary && o.hidden / o.attention.heads % 2 != 0) {
    Fail("multi-head attention", "hidden", "an even multiple of heads, with rotary positions", std::to_string(o.hidden));
  }
  return o;
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(const MultiHeadAttentionOptions& options, const std::string& name, Random& random)
    : options_(Checked(options)) {
  const auto& [D, M, H, attention] = options_;
  Wq_ = UniformWeights(name + ".Wq", H, D, random);
  bq_ = Parameter(name + ".bq", Tensor({H}));
  Wk_ = UniformWeights(name + ".Wk", H, M, random);
  bk_ = Parameter(name + ".bk", Tensor({H}));
  Wv_ = UniformWeights(name + ".Wv", H, M, random);
  bv_ = Parameter(name + ".bv", Tensor({H}));
  Wo_ = UniformWeights(name + ".Wo", D, H, random);
  bo_ = Parameter(name + ".bo", Tensor({D}));
}

Var MultiHeadAttention::Forward(Tape& tape, Var x, Var memory, const Sequence& queries, const Sequence& memory_sequence,
                                Tensor* weights) const {
  const auto project = [&](Var from, const OwnedParameter& W, const OwnedParameter& b) {
    return Linear(tape, from, tape.Use(*W), tape.Use(*b));
  };
  const Var query = project(x, Wq_, bq_), key = project(memory, Wk_, bk_), value = project(memory, Wv_, bv_);
  const Var seen = Attention(tape, query, key, value, options_.attention, queries, memory_sequence, weights);
  return WithinLengths(tape, project(seen, Wo_, bo_), queries);
}

Var MultiHeadAttention::Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment, Tensor* weights) const {
  if (segment == nullptr) return Forward(tape, x, x, sequence, sequence, weights);
  const AttentionOptions& o = options_.attention;
  Require(o.causal && o.window > 0, "multi-head attention", "in segments", "causal, in a window", "another");
  return RunSegment(o.window - 1, tape, x, sequence, segment,
                    [&](Var seen, const Sequence& steps) { return Forward(tape, seen, seen, steps, steps, nullptr); });
}

std::vector<size_t> MultiHeadAttention::state_widths() const {
  return PastWidths(std::max<size_t>(options_.attention.window, 1) - 1, options_.input);
}

std::vector<Parameter*> MultiHeadAttention::parameters() { return {&*Wq_, &*bq_, &*Wk_, &*bk_, &*Wv_, &*bv_, &*Wo_, &*bo_}; }

}  // namespace eddy

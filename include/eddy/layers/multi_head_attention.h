// Multi-head attention of a sequence to itself in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/error.h"
#include "eddy/layer_kind.h"
#include "eddy/multi_head_attention.h"

namespace eddy {

struct MultiHeadAttentionKind : LayerKind<MultiHeadAttentionOptions, MultiHeadAttention, AttentionStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "heads",
      .naming = Naming::kByItself,
      .command = "heads",
      .composed = "attention with rotary positions, nothing around it: after other layers",
      .header = "multi_head_attention",
      .layer = "MultiHeadAttention",
      .what =
          "`y = Wo attention(Wq x, Wk m, Wv m)`, of x to itself or to another sequence; causal, in a window; rotary "
          "positions or linear biases",
      .paper = "Vaswani 2017, Su 2021, Press 2022",
      .kept = "keys and values of all steps, or of a window"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("hidden", o.hidden, kWidthsOrNone);
    AttentionFields(visit, o.attention);
  }
  // Of attention in other kinds, too.
  template <class V>
  static void AttentionFields(V& visit, auto& o) {
    visit("heads", o.heads, kWidths);
    visit("scale", o.scale, kAnyNumber);
    visit("window", o.window, kWidthsOrNone);
    visit("causal", o.causal);
    visit("positions", o.positions, kPositionsNames);
  }

  static size_t Width(const MultiHeadAttentionOptions& o) { return o.input; }
  static bool IsCausal(const MultiHeadAttentionOptions& o) { return o.attention.causal; }
  static size_t StepsBack(const MultiHeadAttentionOptions& o) { return Back(o.attention.window); }
  static double LeastWeights(const MultiHeadAttentionOptions& o) {
    return 4 * static_cast<double>(o.input) * static_cast<double>(o.hidden > 0 ? o.hidden : o.input);
  }
  static void RequireChainable(const MultiHeadAttentionOptions& o) {
    Require(o.memory == 0 || o.memory == o.input, "encoder", "the memory of attention",
            "what it reads itself, 0 wide or " + std::to_string(o.input), std::to_string(o.memory));
  }

  static constexpr size_t kHiddenStep = kSeveralHeads;
  static void SetHidden(MultiHeadAttentionOptions& o, size_t hidden) {
    o.hidden = hidden;
    o.attention.heads = HeadsFor(hidden);
  }
  static void RemoveDropout(MultiHeadAttentionOptions&) {}
  static AttentionStream MakeStream(const MultiHeadAttention& layer, size_t rows, Precision precision) {
    return AttentionStream(layer, 0, rows, precision);
  }

  static std::string Describe(const MultiHeadAttentionOptions& o) {
    return "attention of " + Counted(o.attention.heads, "head") + " with " + std::to_string(o.hidden) +
           " channels, each sees " + Sight(o.attention.window);
  }
  static std::vector<MultiHeadAttentionOptions> Compose(const LayerRequest& request) {
    return {{.hidden = request.stack.layer.hidden,
             .attention = {.heads = HeadsFor(request.stack.layer.hidden),
                           .causal = !request.stack.bidirectional,
                           .window = request.window(),
                           .positions = Positions::kRotary}}};
  }
};

}  // namespace eddy

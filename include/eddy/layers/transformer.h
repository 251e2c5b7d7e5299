// A transformer in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/layer_kind.h"
#include "eddy/transformer.h"

namespace eddy {

struct TransformerKind : LayerKind<TransformerOptions, Transformer, TransformerStream> {
  static constexpr LayerInfo kInfo = {.kind = "attention",
                                      .naming = Naming::kByItself,
                                      .command = "attention",
                                      .composed = "a transformer with rotary positions, of 4 blocks",
                                      .header = "transformer",
                                      .layer = "Transformer",
                                      .what = "a residual stack of attention",
                                      .paper = "Vaswani 2017",
                                      .kept = "keys and values"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("hidden", o.hidden, kWidths);
    visit("blocks", o.blocks, kDepths);
    visit("heads", o.heads, kWidths);
    visit("window", o.window, kWidthsOrNone);
    visit("causal", o.causal);
    visit("positions", o.positions, kPositionsNames);
    visit("norm", o.norm, kNormalizationNames);
    visit("feed_forward", o.feed_forward, kFeedForwardNames);
    visit("feed_forward_width", o.feed_forward_width, kWidthsOrNone);
    visit("dropout", o.dropout, kProbability);
  }

  static bool IsCausal(const TransformerOptions& o) { return o.causal; }
  static size_t StepsBack(const TransformerOptions& o) { return std::min(kAllSteps, o.blocks * Back(o.window)); }
  static double LeastWeights(const TransformerOptions& o) {
    const auto hidden = static_cast<double>(o.hidden), inner = static_cast<double>(o.feed_forward_width);
    return static_cast<double>(o.blocks) * (4 * hidden * hidden + 2 * hidden * (inner > 0 ? inner : 4 * hidden));
  }

  static constexpr size_t kHiddenStep = kSeveralHeads;
  static void SetHidden(TransformerOptions& o, size_t hidden) {
    o.hidden = hidden;
    o.heads = HeadsFor(hidden);
    o.feed_forward_width = 0;
  }
  static void WidenFeedForward(TransformerOptions& o, ptrdiff_t by) {
    o.feed_forward_width = Widened((8 * o.hidden + 2) / 3, by);
  }
  static ResidualStream MakeStream(const ResidualStack& layer, size_t rows, Precision precision) {
    return ResidualStream(layer, 0, rows, precision);
  }

  static std::string Describe(const TransformerOptions& o) {
    return "attention, " + Counted(o.blocks, "block") + " of " + std::to_string(o.hidden) + " channels and " +
           Counted(o.heads, "head") + ", each sees " + Sight(o.window);
  }
  static std::vector<TransformerOptions> Compose(const LayerRequest& request) {
    return {{.hidden = request.stack.layer.hidden,
             .blocks = request.blocks.value_or(4),
             .heads = HeadsFor(request.stack.layer.hidden),
             .window = request.window(),
             .dropout = request.dropout(),
             .causal = !request.stack.bidirectional}};
  }
};

}  // namespace eddy

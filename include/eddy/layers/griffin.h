// Griffin in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/griffin.h"
#include "eddy/layer_kind.h"

namespace eddy {

struct GriffinKind : LayerKind<GriffinOptions, Griffin, ResidualStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "griffin",
      .naming = Naming::kByItself,
      .command = "griffin",
      .composed = "3 blocks, of which the last attends; it looks back only",
      .header = "griffin",
      .layer = "Griffin",
      .what =
          "a residual stack of two gated linear recurrences, `Wo (gelu(Wg x) * rg_lru(convolution(Wx x)))`, and one local "
          "attention in turn",
      .paper = "De 2024",
      .kept = "a few inputs and one state a recurrence; a window of keys and values"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("hidden", o.hidden, kWidths);
    visit("blocks", o.blocks, kDepths);
    visit("heads", o.heads, kWidths);
    visit("window", o.window, kWidths);
    visit("kernel", o.kernel, kTaps);
    visit("feed_forward_width", o.feed_forward_width, kWidthsOrNone);
    visit("dropout", o.dropout, kProbability);
  }

  static size_t StepsBack(const GriffinOptions& o) {
    return Attending(o) * Back(o.window) + (o.blocks - Attending(o)) * (o.kernel - 1);
  }
  static double LeastWeights(const GriffinOptions& o) {
    const auto hidden = static_cast<double>(o.hidden), kernel = static_cast<double>(o.kernel);
    const auto inner = static_cast<double>(o.feed_forward_width > 0 ? o.feed_forward_width : 3 * o.hidden);
    const auto recurrent = static_cast<double>(o.blocks - Attending(o));
    return static_cast<double>(o.blocks) * (4 * hidden + 3 * inner) * hidden + recurrent * (hidden + kernel) * hidden;
  }

  static constexpr size_t kHiddenStep = kSeveralHeads;
  static void SetHidden(GriffinOptions& o, size_t hidden) {
    o.hidden = hidden;
    o.heads = HeadsFor(hidden);
    o.feed_forward_width = 0;
  }
  static void WidenFeedForward(GriffinOptions& o, ptrdiff_t by) { o.feed_forward_width = Widened(3 * o.hidden, by); }
  static ResidualStream MakeStream(const ResidualStack& layer, size_t rows, Precision precision) {
    return ResidualStream(layer, 0, rows, precision);
  }

  static std::string Describe(const GriffinOptions& o) {
    return "griffin, " + Counted(o.blocks, "block") + " of " + std::to_string(o.hidden) + " channels and " +
           Counted(o.heads, "head") + ", every third sees " + Sight(o.window);
  }
  static std::vector<GriffinOptions> Compose(const LayerRequest& request) {
    return {{.hidden = request.stack.layer.hidden,
             .blocks = request.blocks.value_or(3),
             .heads = HeadsFor(request.stack.layer.hidden),
             .window = std::max<size_t>(request.span, 1),
             .dropout = request.dropout()}};
  }

 private:
  static size_t Attending(const GriffinOptions& o) { return o.blocks / 3; }
};

}  // namespace eddy

// Residual blocks around a cell in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/layers/recurrent.h"
#include "eddy/recurrent_blocks.h"

namespace eddy {

struct RecurrentBlocksKind : LayerKind<RecurrentBlocksOptions, RecurrentBlocks, ResidualStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "blocks",
      .naming = Naming::kHybrid,
      .command = "blocks",
      .composed = "2 residual blocks around the cell",
      .header = "recurrent_blocks",
      .layer = "RecurrentBlocks",
      .what = "a residual stack of `GroupNorm(cell(swish(convolution(x))))`, around any cell",
      .paper = "Beck 2024",
      .kept = "a few inputs, and the cells' states"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("hidden", o.hidden, kWidths);
    visit("blocks", o.blocks, kDepths);
    visit("cell", o.cell);
    visit("groups", o.groups, kWidths);
    visit("kernel", o.kernel, kTaps);
    visit("feed_forward_width", o.feed_forward_width, kWidthsOrNone);
    visit("dropout", o.dropout, kProbability);
  }

  static size_t StepsBack(const RecurrentBlocksOptions& o) { return o.blocks * (o.kernel - 1); }
  static double LeastWeights(const RecurrentBlocksOptions& o) {
    const auto hidden = static_cast<double>(o.hidden), kernel = static_cast<double>(o.kernel);
    const auto inner = static_cast<double>(o.feed_forward_width > 0 ? o.feed_forward_width : o.hidden);
    StackOptions cell;
    cell.layer.cell = o.cell;
    cell.layer.input = cell.layer.hidden = o.hidden;
    return static_cast<double>(o.blocks) * (RecurrentKind::LeastWeights(cell) + (3 * inner + kernel) * hidden);
  }

  static constexpr size_t kHiddenStep = kSeveralHeads;
  static void SetHidden(RecurrentBlocksOptions& o, size_t hidden) {
    o.hidden = hidden;
    o.groups = HeadsFor(hidden);
    o.feed_forward_width = 0;
  }
  static void WidenFeedForward(RecurrentBlocksOptions& o, ptrdiff_t by) {
    o.feed_forward_width = Widened((4 * o.hidden + 2) / 3, by);
  }
  static ResidualStream MakeStream(const ResidualStack& layer, size_t rows, Precision precision) {
    return ResidualStream(layer, 0, rows, precision);
  }

  static std::string Describe(const RecurrentBlocksOptions& o) {
    return Counted(o.blocks, "residual block") + " of " + std::to_string(o.hidden) + " " + o.cell;
  }
  static std::vector<RecurrentBlocksOptions> Compose(const LayerRequest& request) {
    return {{.hidden = request.stack.layer.hidden,
             .blocks = request.blocks.value_or(2),
             .cell = request.stack.layer.cell,
             .groups = HeadsFor(request.stack.layer.hidden),
             .dropout = request.dropout()}};
  }
};

}  // namespace eddy

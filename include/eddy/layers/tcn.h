// A temporal convolutional network in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/layer_kind.h"
#include "eddy/tcn.h"

namespace eddy {

struct TcnKind : LayerKind<TcnOptions, Tcn, TcnStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "tcn",
      .naming = Naming::kByItself,
      .command = "tcn",
      .composed = "three taps, and as many blocks as it takes to see what recurrent layers are trained on, 8 at most",
      .header = "tcn",
      .layer = "Tcn",
      .what = "residual blocks of two dilated convolutions",
      .paper = "Bai 2018",
      .kept = "the steps that each convolution sees"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("hidden", o.hidden, kWidths);
    visit("blocks", o.blocks, Bounds{1, 20});
    visit("kernel", o.kernel, kTaps);
    visit("dropout", o.dropout, kProbability);
  }

  static size_t StepsBack(const TcnOptions& o) { return 2 * (o.kernel - 1) * ((size_t{1} << o.blocks) - 1); }
  static double LeastWeights(const TcnOptions& o) {
    const auto input = static_cast<double>(o.input), hidden = static_cast<double>(o.hidden);
    const auto blocks = static_cast<double>(o.blocks);
    return static_cast<double>(o.kernel) * hidden * (input + (2 * blocks - 1) * hidden);
  }

  static std::string Describe(const TcnOptions& o) {
    return "tcn, " + Counted(o.blocks, "block") + " of " + std::to_string(o.hidden) + " channels and " +
           std::to_string(o.kernel) + " taps";
  }
  static std::vector<TcnOptions> Compose(const LayerRequest& request) {
    constexpr size_t kMostBlocks = 8;
    TcnOptions tcn{.hidden = request.stack.layer.hidden, .kernel = 3, .dropout = request.dropout()};
    while (tcn.blocks < kMostBlocks && 1 + StepsBack(tcn) < request.span) ++tcn.blocks;
    tcn.blocks = request.blocks.value_or(tcn.blocks);
    return {tcn};
  }
};

}  // namespace eddy

// Recurrent layers of one cell in a chain (layer_kind.h).
#pragma once

#include "eddy/layer_kind.h"
#include "eddy/stream.h"

namespace eddy {

struct RecurrentKind : LayerKind<StackOptions, RecurrentStack, RecurrentStream> {
  static constexpr LayerInfo kInfo = {.kind = "recurrent",
                                      .naming = Naming::kCell,
                                      .command = "",
                                      .composed = "as many layers, with all their options",
                                      .header = "recurrent",
                                      .layer = "RecurrentStack",
                                      .what = "`h' = Step(W x + b, U h, h)`, for any [cell](cells.md)",
                                      .paper = "the cell's",
                                      .kept = "the cell's states"};

  // All but precision, which is the chain's.
  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("cell", o.layer.cell);
    visit("input", o.layer.input, kWidths);
    visit("hidden", o.layer.hidden, kWidths);
    visit("layers", o.layers, kDepths);
    visit("projection", o.layer.projection, kWidthsOrNone);
    visit("bidirectional", o.bidirectional);
    visit("residual", o.residual);
    visit("reverse", o.layer.reverse);
    visit("layer_norm", o.layer.layer_norm);
    visit("learned_state", o.layer.learned_state);
    visit("forget_bias", o.layer.forget_bias, kAnyNumber);
    visit("state_clip", o.layer.state_clip, kAnyNumber);
    visit("dropout", o.dropout, kProbability);
    visit("variational_dropout", o.layer.variational_dropout, kProbability);
    visit("recurrent_dropout", o.layer.recurrent_dropout, kProbability);
    visit("zoneout", o.layer.zoneout, kProbability);
  }

  static size_t& Input(StackOptions& o) { return o.layer.input; }
  static size_t LayerWidth(const RecurrentOptions& o) { return o.projection > 0 ? o.projection : o.hidden; }
  static size_t Width(const StackOptions& o) { return LayerWidth(o.layer) * (o.bidirectional ? 2 : 1); }
  static bool IsCausal(const StackOptions& o) { return !o.bidirectional && !o.layer.reverse; }
  static size_t StepsBack(const StackOptions&) { return 0; }

  static double LeastWeights(const StackOptions& o) {
    const CellFacts facts = FactsOf(FindCell(o.layer.cell));
    const auto hidden = static_cast<double>(o.layer.hidden), projection = static_cast<double>(o.layer.projection);
    const auto output = static_cast<double>(LayerWidth(o.layer));
    const double directions = o.bidirectional ? 2 : 1;
    // Some gates of a cell of two products read the unprojected state: this counts the narrower for all of them.
    const double recurrent = facts.products > 0 ? std::min(output, hidden) : 0;
    double needed = 0, input = static_cast<double>(o.layer.input);
    for (size_t i = 0; i < o.layers; ++i) {
      needed += directions * (facts.gates * hidden * (input + recurrent) + projection * hidden);
      input = output * directions;
    }
    return needed;
  }

  static const RecurrentOptions* Recurrent(const StackOptions& o) { return &o.layer; }
  static void SetHidden(StackOptions& o, size_t hidden) { o.layer.hidden = hidden; }
  static void RemoveDropout(StackOptions& o) { o.dropout = o.layer.variational_dropout = o.layer.recurrent_dropout = 0; }
  static RecurrentStream MakeStream(const RecurrentStack& layer, size_t rows, Precision precision) {
    return RecurrentStream(layer, rows, precision);
  }

  static std::string Describe(const StackOptions& o) {
    return Counted(o.layers, "layer") + " of " + std::to_string(o.layer.hidden) + " " + o.layer.cell +
           (o.bidirectional ? " in both directions" : "");
  }
  static std::vector<StackOptions> Compose(const LayerRequest& request) { return {request.stack}; }
};

}  // namespace eddy

// Recurrent layers and attention over what they put out in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/attentive_recurrent.h"
#include "eddy/layers/multi_head_attention.h"
#include "eddy/layers/recurrent.h"

namespace eddy {

struct AttentiveRecurrentKind : LayerKind<AttentiveRecurrentOptions, AttentiveRecurrent, AttentiveRecurrentStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "attentive",
      .naming = Naming::kHybrid,
      .command = "attentive",
      .composed = "the layers, and attention over what they put out",
      .header = "attentive_recurrent",
      .layer = "AttentiveRecurrent",
      .what = "`y = tanh(Wc [attention of h to h, h] + bc)`, h the outputs of a recurrent stack",
      .paper = "Luong 2015",
      .kept = "the cells' states, and keys and values"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("recurrent", o.recurrent);
    MultiHeadAttentionKind::AttentionFields(visit, o.attention);
  }

  static size_t& Input(AttentiveRecurrentOptions& o) { return RecurrentKind::Input(o.recurrent); }
  static size_t Width(const AttentiveRecurrentOptions& o) { return RecurrentKind::Width(o.recurrent); }
  static bool IsCausal(const AttentiveRecurrentOptions& o) {
    return o.attention.causal && RecurrentKind::IsCausal(o.recurrent);
  }
  static size_t StepsBack(const AttentiveRecurrentOptions& o) { return Back(o.attention.window); }
  static double LeastWeights(const AttentiveRecurrentOptions& o) {
    const auto width = static_cast<double>(Width(o));
    return RecurrentKind::LeastWeights(o.recurrent) + 6 * width * width;
  }

  static const RecurrentOptions* Recurrent(const AttentiveRecurrentOptions& o) { return &o.recurrent.layer; }
  static void SetHidden(AttentiveRecurrentOptions& o, size_t hidden) { RecurrentKind::SetHidden(o.recurrent, hidden); }
  static void RemoveDropout(AttentiveRecurrentOptions& o) { RecurrentKind::RemoveDropout(o.recurrent); }
  static AttentiveRecurrentStream MakeStream(const AttentiveRecurrent& layer, size_t rows, Precision precision) {
    return AttentiveRecurrentStream(layer, 0, rows, precision);
  }

  static std::string Describe(const AttentiveRecurrentOptions& o) {
    return RecurrentKind::Describe(o.recurrent) + " with attention to " + Sight(o.attention.window);
  }
  static std::vector<AttentiveRecurrentOptions> Compose(const LayerRequest& request) {
    return {{request.stack, {.causal = !request.stack.bidirectional, .window = request.window()}}};
  }
};

}  // namespace eddy

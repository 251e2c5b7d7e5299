// Recurrent layers whose gates see several inputs in a chain of layers (layer_kind.h).
#pragma once

#include "eddy/layers/recurrent.h"
#include "eddy/windowed_recurrent.h"

namespace eddy {

struct WindowedRecurrentKind : LayerKind<WindowedRecurrentOptions, WindowedRecurrent, WindowedRecurrentStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "windowed",
      .naming = Naming::kHybrid,
      .command = "windowed",
      .composed = "layers whose gates see two inputs, forward, with no dropout between them",
      .header = "windowed_recurrent",
      .layer = "WindowedRecurrent",
      .what = "recurrent layers with the last K inputs side by side for x; with the cell `qrnn` a quasi-recurrent network",
      .paper = "Bradbury 2017",
      .kept = "K inputs, and the cell's states"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    StackOptions alone{o.recurrent};  // it is stored as a stack of one layer
    visit("recurrent", alone);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(o)>>) o.recurrent = alone.layer;
    visit("kernel", o.kernel, kTaps);
  }

  static size_t& Input(WindowedRecurrentOptions& o) { return o.recurrent.input; }
  static size_t Width(const WindowedRecurrentOptions& o) { return RecurrentKind::LayerWidth(o.recurrent); }
  static size_t StepsBack(const WindowedRecurrentOptions& o) { return o.kernel - 1; }
  static double LeastWeights(const WindowedRecurrentOptions& o) {
    StackOptions stack{o.recurrent};
    stack.layer.input *= o.kernel;  // at most 2^44
    return RecurrentKind::LeastWeights(stack);
  }

  static const RecurrentOptions* Recurrent(const WindowedRecurrentOptions& o) { return &o.recurrent; }
  static void SetHidden(WindowedRecurrentOptions& o, size_t hidden) { o.recurrent.hidden = hidden; }
  static void RemoveDropout(WindowedRecurrentOptions& o) {
    o.recurrent.variational_dropout = o.recurrent.recurrent_dropout = 0;
  }

  static std::string Describe(const WindowedRecurrentOptions& o) {
    return "1 layer of " + std::to_string(o.recurrent.hidden) + " " + o.recurrent.cell + ", each sees " + Sight(o.kernel);
  }
  static std::vector<WindowedRecurrentOptions> Compose(const LayerRequest& request) {
    return std::vector<WindowedRecurrentOptions>(request.stack.layers, {request.stack.layer, 2});
  }
};

}  // namespace eddy

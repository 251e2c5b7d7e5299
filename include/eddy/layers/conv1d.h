// A convolution in a chain of layers (layer_kind.h).
#pragma once

#include <cmath>

#include "eddy/conv1d.h"
#include "eddy/error.h"
#include "eddy/layer_kind.h"

namespace eddy {

struct Conv1dKind : LayerKind<Conv1dOptions, Conv1d, Conv1dStream> {
  static constexpr LayerInfo kInfo = {
      .kind = "convolution",
      .naming = Naming::kByItself,
      .command = "conv",
      .composed = "three taps, linear: before other layers",
      .header = "conv1d",
      .layer = "Conv1d",
      .what = "a convolution: causal, centred or bare; dilated, strided, in groups; with weight norm",
      .paper = "Salimans 2016",
      .kept = "the steps that an output sees"};

  template <class V>
  static void Fields(V& visit, auto& o) {
    visit("input", o.input, kWidths);
    visit("output", o.output, kWidths);
    visit("kernel", o.kernel, kTaps);
    visit("dilation", o.convolution.dilation, kTaps);
    visit("groups", o.convolution.groups, kWidths);
    visit("padding", o.convolution.padding, kPaddingNames);
    visit("bias", o.bias);
    visit("weight_norm", o.weight_norm);
  }

  static size_t Width(const Conv1dOptions& o) { return o.output; }
  static bool IsCausal(const Conv1dOptions& o) { return o.convolution.padding == Padding::kCausal; }
  static size_t StepsBack(const Conv1dOptions& o) { return (o.kernel - 1) * o.convolution.dilation; }
  static double LeastWeights(const Conv1dOptions& o) {
    return static_cast<double>(o.kernel) * static_cast<double>(o.output) *
           std::floor(static_cast<double>(o.input) / static_cast<double>(o.convolution.groups));
  }
  static void RequireChainable(const Conv1dOptions& o) {
    const bool keeps = o.convolution.stride == 1 && o.convolution.padding != Padding::kNone;
    Require(keeps, "encoder", "a convolution", "one that keeps the number of steps", "another");
  }

  static void SetHidden(Conv1dOptions& o, size_t hidden) { o.output = hidden; }
  static void RemoveDropout(Conv1dOptions&) {}

  static std::string Describe(const Conv1dOptions& o) {
    return "convolution to " + std::to_string(o.output) + " channels, each sees " + Counted(StepsBack(o) + 1, "step");
  }
  static std::vector<Conv1dOptions> Compose(const LayerRequest& request) {
    const Padding padding = request.stack.bidirectional ? Padding::kSame : Padding::kCausal;
    return {{.output = request.stack.layer.hidden, .kernel = 3, .convolution = {.padding = padding}}};
  }
};

}  // namespace eddy

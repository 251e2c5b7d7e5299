// One of each layer of include/eddy, 6 wide, and of each of their streams, for what holds of all of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "eddy/attentive_recurrent.h"
#include "eddy/feed_forward.h"
#include "eddy/griffin.h"
#include "eddy/linear.h"
#include "eddy/multi_head_attention.h"
#include "eddy/norm.h"
#include "eddy/ops.h"
#include "eddy/recurrent_blocks.h"
#include "eddy/stream.h"
#include "eddy/tcn.h"
#include "eddy/transformer.h"
#include "eddy/windowed_recurrent.h"

namespace eddy {

inline constexpr size_t kWidth = 6;

inline RecurrentOptions SomeRecurrent(const std::string& cell = "lstm") {
  RecurrentOptions options;
  options.cell = cell;
  options.input = options.hidden = kWidth;
  options.learned_state = true;
  return options;
}

inline StackOptions SomeStack() {
  StackOptions options;
  options.layer = SomeRecurrent("gru");
  options.layers = 2;
  return options;
}

// Calls use(name, make), make() giving a layer with the same weights at every call.
template <class Use>
void ForEveryLayer(const Use& use) {
  const auto layer = [&](const std::string& name, const auto& make) {
    SCOPED_TRACE(name);
    use([make] {
      Random random(1);
      return make(random);
    });
  };
  layer("recurrent", [](Random& r) { return Recurrent(SomeRecurrent(), "l", r); });
  layer("recurrent_stack", [](Random& r) { return RecurrentStack(SomeStack(), "l", r); });
  layer("conv1d", [](Random& r) {
    return Conv1d({.input = kWidth, .output = kWidth, .kernel = 3, .convolution = {}, .weight_norm = true}, "l", r);
  });
  layer("tcn", [](Random& r) { return Tcn({.input = kWidth, .hidden = kWidth, .blocks = 2}, "l", r); });
  layer("transformer",
        [](Random& r) { return Transformer({.input = kWidth, .hidden = kWidth, .heads = 3, .window = 4}, "l", r); });
  layer("griffin", [](Random& r) { return Griffin({.input = kWidth, .hidden = 4, .heads = 2, .window = 4}, "l", r); });
  layer("recurrent_blocks",
        [](Random& r) { return RecurrentBlocks({.input = kWidth, .hidden = kWidth, .groups = 2}, "l", r); });
  layer("windowed_recurrent", [](Random& r) { return WindowedRecurrent({SomeRecurrent("qrnn"), 3}, "l", r); });
  layer("attentive_recurrent", [](Random& r) {
    return AttentiveRecurrent({SomeStack(), {.heads = 2, .causal = true, .window = 4}}, "l", r);
  });
  layer("multi_head_attention", [](Random& r) {
    return MultiHeadAttention({kWidth, 0, 0, {.heads = 2, .causal = true, .window = 4}}, "l", r);
  });
  layer("feed_forward", [](Random& r) { return FeedForward({.width = kWidth}, "l", r); });
  layer("norm", [](Random&) { return Norm(Normalization::kLayer, kWidth, "l"); });
  layer("linear", [](Random& r) { return LinearLayer({.input = kWidth, .output = 5}, "l", r); });
}

// The outputs of a layer, whatever else its Forward takes and gives.
template <class Layer>
Var Outputs(const Layer& layer, Tape& tape, Var x, const Sequence& sequence) {
  if constexpr (requires { layer.Forward(tape, x, sequence).y; }) {
    return layer.Forward(tape, x, sequence).y;
  } else if constexpr (requires { layer.Forward(tape, x, sequence); }) {
    return layer.Forward(tape, x, sequence);
  } else {
    return layer.Forward(tape, x);
  }
}

// Calls use(make), make(rows) giving the stream of a layer, for those that have one.
template <class Use>
void ForEveryStream(const Use& use) {
  ForEveryLayer([&](const auto& make) {
    auto layer = std::make_shared<decltype(make())>(make());
    using Layer = decltype(make());
    if constexpr (std::is_same_v<Layer, RecurrentStack>) {
      use([=](size_t rows) { return RecurrentStream(*layer, rows); });
    } else if constexpr (std::is_same_v<Layer, Conv1d>) {
      use([=](size_t rows) { return Conv1dStream(*layer, rows); });
    } else if constexpr (std::is_same_v<Layer, Tcn>) {
      use([=](size_t rows) { return TcnStream(*layer, rows); });
    } else if constexpr (std::is_base_of_v<ResidualStack, Layer>) {
      use([=](size_t rows) { return ResidualStream(*layer, 0, rows); });
    } else if constexpr (std::is_same_v<Layer, WindowedRecurrent>) {
      use([=](size_t rows) { return WindowedRecurrentStream(*layer, rows); });
    } else if constexpr (std::is_same_v<Layer, AttentiveRecurrent>) {
      use([=](size_t rows) { return AttentiveRecurrentStream(*layer, 0, rows); });
    } else if constexpr (std::is_same_v<Layer, MultiHeadAttention>) {
      use([=](size_t rows) { return AttentionStream(*layer, 0, rows); });
    } else if constexpr (std::is_same_v<Layer, LinearLayer>) {
      use([=](size_t rows) { return LinearStream(*layer, rows); });
    }
  });
}

inline Tensor SomeInputs(size_t steps, size_t rows, uint64_t seed = 3) {
  Random random(seed);
  Tensor x({steps, rows, kWidth});
  for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
  return x;
}

inline bool SameBits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::equal(a.values().begin(), a.values().end(), b.values().begin());
}

}  // namespace eddy

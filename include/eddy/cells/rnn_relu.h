#pragma once

#include "eddy/cell.h"

namespace eddy {

struct RnnRelu {
  template <class V>
  struct Gates {
    V h;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V>) {
    return {Relu(x.h + u.h)};
  }

  static constexpr CellInfo kInfo = {
      .title = "simple recurrent network, rectified",
      .paper = "Le, Jaitly and Hinton 2015, A simple way to initialize recurrent networks of rectified linear units",
      .gates = "h",
      .states = "h",
      .params = "",
      .equations = "h' = max(0, W x + U h + b)",
      .elsewhere =
          "PyTorch: RNN with nonlinearity relu, b = b_ih + b_hh; Keras: SimpleRNN with activation relu; ONNX: RNN with Relu",
      .identity_recurrent = true,
  };
};

}  // namespace eddy

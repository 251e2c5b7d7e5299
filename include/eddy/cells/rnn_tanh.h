#pragma once

#include "eddy/cell.h"

namespace eddy {

struct RnnTanh {
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
    return {Tanh(x.h + u.h)};
  }

  static constexpr CellInfo kInfo = {
      .title = "simple recurrent network, tanh",
      .paper = "Elman 1990, Finding structure in time",
      .gates = "h",
      .states = "h",
      .params = "",
      .equations = "h' = tanh(W x + U h + b)",
      .elsewhere = "PyTorch: RNN, b = b_ih + b_hh; Keras: SimpleRNN; ONNX: RNN",
  };
};

}  // namespace eddy

#pragma once

#include "eddy/cell.h"

namespace eddy {

struct MinGru {
  template <class V>
  struct Gates {
    V z, n;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s) {
    V z = Sigmoid(x.z);
    return {(1.0 - z) * s.h + z * x.n};
  }

  static constexpr CellInfo kInfo = {
      .title = "minimal gated recurrent unit without hidden-state gates (a linear recurrence)",
      .paper = "Feng et al. 2024, Were RNNs all we needed?, section 3.1",
      .gates = "z n",
      .states = "h",
      .params = "",
      .equations =
          "z = sigmoid(W_z x + b_z)\n"
          "n = W_n x + b_n\n"
          "h' = (1 - z) h + z n",
      .elsewhere = "PyTorch, Keras and ONNX: none",
  };
};

}  // namespace eddy

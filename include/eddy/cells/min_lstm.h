#pragma once

#include "eddy/cell.h"

namespace eddy {

struct MinLstm {
  template <class V>
  struct Gates {
    V f, i, n;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s) {
    V f = Sigmoid(x.f);
    V i = Sigmoid(x.i);
    V scale = f + i;
    return {f / scale * s.h + i / scale * x.n};
  }

  static constexpr CellInfo kInfo = {
      .title = "minimal long short-term memory without hidden-state gates (a linear recurrence)",
      .paper = "Feng et al. 2024, Were RNNs all we needed?, section 3.2",
      .gates = "f i n",
      .states = "h",
      .params = "",
      .equations =
          "f = sigmoid(W_f x + b_f)\n"
          "i = sigmoid(W_i x + b_i)\n"
          "n = W_n x + b_n\n"
          "h' = f / (f + i) h + i / (f + i) n",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .forget_gate = 0,
  };
};

}  // namespace eddy

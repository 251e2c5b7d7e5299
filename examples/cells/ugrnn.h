#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Ugrnn {
  template <class V>
  struct Gates {
    V f, n;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s) {
    V f = Sigmoid(x.f + u.f);
    V n = Tanh(x.n + u.n);
    return {f * (s.h - n) + n};
  }

  static constexpr CellInfo kInfo = {
      .title = "update gate recurrent network",
      .paper =
          "Collins, Sohl-Dickstein and Sussillo 2017, Capacity and trainability in recurrent neural networks, section 2",
      .gates = "f n",
      .states = "h",
      .params = "",
      .equations =
          "f = sigmoid(W_f x + U_f h + b_f)\n"
          "n = tanh(W_n x + U_n h + b_n)\n"
          "h' = f h + (1 - f) n",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .forget_gate = 0,
  };
};

}  // namespace eddy

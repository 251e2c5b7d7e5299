#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Gru {
  template <class V>
  struct Gates {
    V r, z, n;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s) {
    V r = Sigmoid(x.r + u.r);
    V z = Sigmoid(x.z + u.z);
    V n = Tanh(r * u.n + x.n);
    return {z * (s.h - n) + n};
  }

  static constexpr CellInfo kInfo = {
      .title = "gated recurrent unit, reset after the product",
      .paper = "Cho et al. 2014, in the form of cuDNN and PyTorch",
      .gates = "r z n",
      .states = "h",
      .params = "",
      .equations =
          "r = sigmoid(W_r x + U_r h + b_r + c_r)\n"
          "z = sigmoid(W_z x + U_z h + b_z + c_z)\n"
          "n = tanh(W_n x + b_n + r (U_n h + c_n))\n"
          "h' = (1 - z) n + z h",
      .elsewhere =
          "PyTorch: same order, b = b_ih, c = b_hh; Keras: order z r n with reset_after; ONNX: order z r h, "
          "linear_before_reset = 1",
  };
};

}  // namespace eddy

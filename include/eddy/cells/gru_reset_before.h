#pragma once

#include "eddy/cell.h"

namespace eddy {

struct GruResetBefore {
  template <class V>
  struct Gates {
    V r, z, n;
  };
  template <class V>
  struct State {
    V h;
  };
  template <class V>
  struct First {
    V rh, z;
  };
  static constexpr int kFirstGates = 2;

  template <class V>
  static constexpr First<V> Before(Gates<V> x, Gates<V> u, State<V> s) {
    return {Sigmoid(x.r + u.r) * s.h, Sigmoid(x.z + u.z)};
  }

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s, First<V> m) {
    V n = Tanh(x.n + u.n);
    return {m.z * (s.h - n) + n};
  }

  static constexpr CellInfo kInfo = {
      .title = "gated recurrent unit, reset before the product",
      .paper = "Cho et al. 2014, Learning phrase representations using RNN encoder-decoder, equations 5 to 8",
      .gates = "r z n",
      .states = "h",
      .params = "",
      .equations =
          "r = sigmoid(W_r x + U_r h + b_r)\n"
          "z = sigmoid(W_z x + U_z h + b_z)\n"
          "n = tanh(W_n x + U_n (r h) + b_n)\n"
          "h' = (1 - z) n + z h",
      .elsewhere = "PyTorch: none; Keras: order z r n with reset_after false; ONNX: order z r h, linear_before_reset = 0",
  };
};

}  // namespace eddy

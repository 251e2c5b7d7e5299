#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Mgu {
  template <class V>
  struct Gates {
    V f, n;
  };
  template <class V>
  struct State {
    V h;
  };
  template <class V>
  struct First {
    V fh, f;
  };
  static constexpr int kFirstGates = 1;

  template <class V>
  static constexpr First<V> Before(Gates<V> x, Gates<V> u, State<V> s) {
    V f = Sigmoid(x.f + u.f);
    return {f * s.h, f};
  }

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s, First<V> m) {
    V n = Tanh(x.n + u.n);
    return {m.f * (n - s.h) + s.h};
  }

  static constexpr CellInfo kInfo = {
      .title = "minimal gated unit",
      .paper = "Zhou et al. 2016, Minimal gated unit for recurrent neural networks, equations 6 to 8",
      .gates = "f n",
      .states = "h",
      .params = "",
      .equations =
          "f = sigmoid(W_f x + U_f h + b_f)\n"
          "n = tanh(W_n x + U_n (f h) + b_n)\n"
          "h' = (1 - f) h + f n",
      .elsewhere = "PyTorch, Keras and ONNX: none",
  };
};

}  // namespace eddy

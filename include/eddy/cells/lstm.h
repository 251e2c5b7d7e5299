#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Lstm {
  template <class V>
  struct Gates {
    V i, f, g, o;
  };
  template <class V>
  struct State {
    V h, c;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s) {
    V c = Sigmoid(x.f + u.f) * s.c + Sigmoid(x.i + u.i) * Tanh(x.g + u.g);
    V h = Sigmoid(x.o + u.o) * Tanh(c);
    return {h, c};
  }

  static constexpr CellInfo kInfo = {
      .title = "long short-term memory",
      .paper = "Hochreiter and Schmidhuber 1997; forget gate of Gers, Schmidhuber and Cummins 2000",
      .gates = "i f g o",
      .states = "h c",
      .params = "",
      .equations =
          "i = sigmoid(W_i x + U_i h + b_i)\n"
          "f = sigmoid(W_f x + U_f h + b_f)\n"
          "g = tanh(W_g x + U_g h + b_g)\n"
          "o = sigmoid(W_o x + U_o h + b_o)\n"
          "c' = f c + i g\n"
          "h' = o tanh(c')",
      .elsewhere = "PyTorch: same order, b = b_ih + b_hh; Keras: same order (i f c o); ONNX: order i o f c",
      .forget_gate = 1,
  };
};

}  // namespace eddy

#pragma once

#include "eddy/cell.h"

namespace eddy {

struct LstmPeephole {
  template <class V>
  struct Gates {
    V i, f, g, o;
  };
  template <class V>
  struct State {
    V h, c;
  };
  template <class V>
  struct Params {
    V i, f, o;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s, Params<V> p) {
    V c = Sigmoid(x.f + u.f + p.f * s.c) * s.c + Sigmoid(x.i + u.i + p.i * s.c) * Tanh(x.g + u.g);
    V h = Sigmoid(x.o + u.o + p.o * c) * Tanh(c);
    return {h, c};
  }

  static constexpr CellInfo kInfo = {
      .title = "long short-term memory with peepholes",
      .paper = "Gers, Schraudolph and Schmidhuber 2002, Learning precise timing with LSTM recurrent networks",
      .gates = "i f g o",
      .states = "h c",
      .params = "i f o",
      .equations =
          "i = sigmoid(W_i x + U_i h + p_i c + b_i)\n"
          "f = sigmoid(W_f x + U_f h + p_f c + b_f)\n"
          "g = tanh(W_g x + U_g h + b_g)\n"
          "c' = f c + i g\n"
          "o = sigmoid(W_o x + U_o h + p_o c' + b_o)\n"
          "h' = o tanh(c')",
      .elsewhere = "PyTorch and Keras: none; ONNX: LSTM with input P, order i o f c (P: i o f)",
      .forget_gate = 1,
  };
};

}  // namespace eddy

#pragma once

#include "eddy/cell.h"

namespace eddy {

struct LstmCoupled {
  template <class V>
  struct Gates {
    V f, g, o;
  };
  template <class V>
  struct State {
    V h, c;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s) {
    V g = Tanh(x.g + u.g);
    V c = Sigmoid(x.f + u.f) * (s.c - g) + g;
    V h = Sigmoid(x.o + u.o) * Tanh(c);
    return {h, c};
  }

  static constexpr CellInfo kInfo = {
      .title = "long short-term memory with coupled input and forget gates",
      .paper = "Greff et al. 2017, LSTM: a search space odyssey (CIFG)",
      .gates = "f g o",
      .states = "h c",
      .params = "",
      .equations =
          "f = sigmoid(W_f x + U_f h + b_f)\n"
          "g = tanh(W_g x + U_g h + b_g)\n"
          "o = sigmoid(W_o x + U_o h + b_o)\n"
          "c' = f c + (1 - f) g\n"
          "h' = o tanh(c')",
      .elsewhere = "PyTorch and Keras: none; ONNX: LSTM with input_forget = 1",
      .forget_gate = 0,
  };
};

}  // namespace eddy

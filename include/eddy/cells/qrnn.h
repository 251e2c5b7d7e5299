#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Qrnn {
  template <class V>
  struct Gates {
    V z, f, o;
  };
  template <class V>
  struct State {
    V h, c;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s) {
    V f = Sigmoid(x.f);
    V c = f * s.c + (1.0 - f) * Tanh(x.z);
    return {Sigmoid(x.o) * c, c};
  }

  static constexpr CellInfo kInfo = {
      .title = "quasi-recurrent network, fo-pooling (no product with the hidden state)",
      .paper = "Bradbury et al. 2017, Quasi-recurrent neural networks, equations 1 and 4",
      .gates = "z f o",
      .states = "h c",
      .params = "",
      .equations =
          "z = tanh(W_z x + b_z)\n"
          "f = sigmoid(W_f x + b_f)\n"
          "o = sigmoid(W_o x + b_o)\n"
          "c' = f c + (1 - f) z\n"
          "h' = o c', x the latest steps side by side where the convolution is wider than one",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .forget_gate = 1,
  };
};

}  // namespace eddy

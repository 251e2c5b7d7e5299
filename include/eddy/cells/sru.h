#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Sru {
  template <class V>
  struct Gates {
    V n, f, r, s;
  };
  template <class V>
  struct State {
    V h, c;
  };
  template <class V>
  struct Params {
    V f, r;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s, Params<V> p) {
    V f = Sigmoid(x.f + p.f * s.c);
    V r = Sigmoid(x.r + p.r * s.c);
    V c = f * s.c + (1.0 - f) * x.n;
    return {r * c + (1.0 - r) * x.s, c};
  }

  static constexpr CellInfo kInfo = {
      .title = "simple recurrent unit (no product with the hidden state)",
      .paper = "Lei et al. 2018, Simple recurrent units for highly parallelizable recurrence, section 3",
      .gates = "n f r s",
      .states = "h c",
      .params = "f r",
      .equations =
          "n = W_n x + b_n\n"
          "f = sigmoid(W_f x + p_f c + b_f)\n"
          "r = sigmoid(W_r x + p_r c + b_r)\n"
          "c' = f c + (1 - f) n\n"
          "h' = r c' + (1 - r) (W_s x + b_s), W_s in place of the identity, so that widths may differ",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .param_low = -1,
      .param_high = 1,
      .forget_gate = 1,
  };
};

}  // namespace eddy

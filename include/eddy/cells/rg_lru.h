#pragma once

#include "eddy/cell.h"

namespace eddy {

struct RgLru {
  template <class V>
  struct Gates {
    V r, i, n;
  };
  template <class V>
  struct State {
    V h;
  };
  template <class V>
  struct Params {
    V a;
  };

  // With a = e^-d, 1 - a^2 = tanh(d) (1 + a^2), which keeps its digits where a rounds to 1; the last term keeps the root's
  // slope finite.
  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s, Params<V> p) {
    V decay = 8.0 * Exp(p.a) * Sigmoid(x.r);
    V a = Exp(0.0 - decay);
    V scale = Sqrt(1e-12 + Tanh(decay) * (1.0 + a * a));
    return {a * s.h + scale * (Sigmoid(x.i) * x.n)};
  }

  static constexpr CellInfo kInfo = {
      .title = "real-gated linear recurrent unit (a linear recurrence)",
      .paper = "De et al. 2024, Griffin: mixing gated linear recurrences with local attention, equations 1 to 4",
      .gates = "r i n",
      .states = "h",
      .params = "a",
      .equations =
          "r = sigmoid(W_r x + b_r)\n"
          "i = sigmoid(W_i x + b_i)\n"
          "a = exp(-8 exp(p_a) r), exp(p_a) being the paper's -log sigmoid(Lambda)\n"
          "h' = a h + sqrt(1 - a^2) i (W_n x + b_n), W_n in place of the identity, so that widths may differ",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .param_low = -9,  // at r = 1, a between 0.9 and 0.999
      .param_high = -4.33,
  };
};

}  // namespace eddy

#pragma once

#include "eddy/cell.h"

namespace eddy {

struct MinGruSigned {
  template <class V>
  struct Gates {
    V z, n;
  };
  template <class V>
  struct State {
    V h;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s) {
    V step = 2.0 * Sigmoid(x.z);
    return {(1.0 - step) * s.h + step * x.n};
  }

  static constexpr CellInfo kInfo = {
      .title = "minimal gated recurrent unit whose state may change sign (a linear recurrence)",
      .paper =
          "Feng et al. 2024, Were RNNs all we needed?, section 3.1, with eigenvalues in (-1, 1) after Grazzi et al. 2024, "
          "Unlocking state-tracking in linear RNNs through negative eigenvalues",
      .gates = "z n",
      .states = "h",
      .params = "",
      .equations =
          "z = 2 sigmoid(W_z x + b_z)\n"
          "n = W_n x + b_n\n"
          "h' = (1 - z) h + z n",
      .elsewhere = "PyTorch, Keras and ONNX: none",
  };
};

}  // namespace eddy

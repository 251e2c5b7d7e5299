#pragma once

#include "eddy/cell.h"

namespace eddy {

struct Indrnn {
  template <class V>
  struct Gates {
    V h;
  };
  template <class V>
  struct State {
    V h;
  };
  template <class V>
  struct Params {
    V u;
  };

  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V>, State<V> s, Params<V> p) {
    return {Relu(p.u * s.h + x.h)};
  }

  static constexpr CellInfo kInfo = {
      .title = "independently recurrent network",
      .paper = "Li et al. 2018, Independently recurrent neural network (IndRNN), equation 2",
      .gates = "h",
      .states = "h",
      .params = "u",
      .equations = "h' = max(0, W x + u h + b), u a vector",
      .elsewhere = "PyTorch, Keras and ONNX: none",
      .param_high = 1,
  };
};

}  // namespace eddy

// What differs from cell to cell in oneDNN's RNN primitives.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <vector>

namespace compare {

inline constexpr auto kDirection = dnnl::rnn_direction::unidirectional_left2right;

// Handles of the arrays or of their gradients; those that a cell or a mode does not have are empty.
struct Descriptors {
  dnnl::memory::desc x, state, state_c, W, U, bias, y, last, last_c;
};

inline dnnl_rnn_desc_t ForwardOperation(const std::string& cell, dnnl::prop_kind kind, const Descriptors& d) {
  if (cell == "lstm") {
    return dnnl::lstm_forward::desc(kind, kDirection, d.x, d.state, d.state_c, d.W, d.U, d.bias, d.y, d.last, d.last_c).data;
  }
  if (cell == "gru") {
    return dnnl::lbr_gru_forward::desc(kind, kDirection, d.x, d.state, d.W, d.U, d.bias, d.y, d.last).data;
  }
  return dnnl::vanilla_rnn_forward::desc(kind, dnnl::algorithm::eltwise_tanh, kDirection, d.x, d.state, d.W, d.U, d.bias,
                                         d.y, d.last)
      .data;
}

// `d`: of what the forward had, its weights as the backward wants them; `g`: of the gradients.
inline dnnl_rnn_desc_t BackwardOperation(const std::string& cell, const Descriptors& d, const Descriptors& g) {
  constexpr auto kKind = dnnl::prop_kind::backward;
  if (cell == "lstm") {
    return dnnl::lstm_backward::desc(kKind, kDirection, d.x, d.state, d.state_c, d.W, d.U, d.bias, d.y, d.last, d.last_c,
                                     g.x, g.state, g.state_c, g.W, g.U, g.bias, g.y, g.last, g.last_c)
        .data;
  }
  if (cell == "gru") {
    return dnnl::lbr_gru_backward::desc(kKind, kDirection, d.x, d.state, d.W, d.U, d.bias, d.y, d.last, g.x, g.state, g.W,
                                        g.U, g.bias, g.y, g.last)
        .data;
  }
  return dnnl::vanilla_rnn_backward::desc(kKind, dnnl::algorithm::eltwise_tanh, kDirection, d.x, d.state, d.W, d.U, d.bias,
                                          d.y, d.last, g.x, g.state, g.W, g.U, g.bias, g.y, g.last)
      .data;
}

// Gates of this cell in oneDNN's order, as places in Eddy's; a gru's fourth is the bias of U h in the candidate.
inline std::vector<size_t> GateOrder(const std::string& cell) {
  if (cell == "lstm") return {0, 1, 2, 3};
  if (cell == "gru") return {1, 0, 2};
  return {0};
}

}  // namespace compare

// One step of a recurrent stack whose state is the caller's.
#pragma once

#include <algorithm>

#include "eddy/stream.h"

namespace eddy {

class StackStep {
 public:
  StackStep(const RecurrentStack& stack, size_t rows, Precision precision) : stream_(stack, rows, precision) {}

  size_t state_size() const { return stream_.state_size(); }
  void Reset(Real* state) noexcept {
    stream_.Reset();
    std::copy_n(stream_.state().begin(), state_size(), state);
  }
  // state [state_size()], input [B, D] -> output [B, H], valid until the next call.
  const Real* Step(Real* state, const Real* input) noexcept {
    std::copy_n(state, state_size(), stream_.state().begin());
    const Real* output = stream_.Step(input).data();
    std::copy_n(stream_.state().begin(), state_size(), state);
    return output;
  }

 private:
  RecurrentStream stream_;
};

}  // namespace eddy

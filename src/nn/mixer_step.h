// One step of a Mixer: the weights, packed, and the arithmetic; the state is the caller's.
#pragma once

#include <cstddef>

#include "eddy/real.h"

namespace eddy {

class MixerStep {
 public:
  virtual ~MixerStep() = default;

  virtual size_t state_size() const = 0;
  virtual void Reset(Real* state) noexcept = 0;
  // state [state_size()], input [B, H] -> output [B, H]. False, and nothing done, once all steps have been run.
  virtual bool Step(Real* state, const Real* input, Real* output) noexcept = 0;
};

}  // namespace eddy

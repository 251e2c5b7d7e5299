// Mixer: a layer that carries from step to step and keeps the width, as the blocks of a ResidualStack have one each
// (residual_stack.h). Shapes: T steps, B rows, H channels.
#pragma once

#include <memory>
#include <vector>

#include "eddy/segment.h"
#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// One step of a mixer: its weights and arithmetic. The state is the caller's. Steps allocate nothing.
class MixerStep {
 public:
  virtual ~MixerStep();

  virtual size_t state_size() const = 0;
  virtual void Reset(Real* state) noexcept = 0;
  // state [state_size()], input [B, H] -> output [B, H]. False, and nothing done, once all steps have been run.
  virtual bool Step(Real* state, const Real* input, Real* output) noexcept = 0;
};

class Mixer {
 public:
  virtual ~Mixer();

  // x [T, B, H] -> [T, B, H], zeros beyond a row's length.
  virtual Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const = 0;
  virtual std::vector<size_t> state_widths() const = 0;  // of what segments hand on
  virtual std::vector<Parameter*> parameters() = 0;

  // What runs it a step at a time, with its weights as they are now. `steps` is the most that will be run, or 0 for no limit
  // (attention has one unless it has a window). Throws Error for a mixer that looks ahead.
  virtual std::unique_ptr<MixerStep> MakeStep(size_t steps, size_t rows, Precision precision) const = 0;
};

}  // namespace eddy
EDDY_API_END

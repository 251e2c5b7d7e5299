// One step of a causal convolution: the window of steps that an output sees, as a ring, and the product of its taps. It is
// the product of the whole sequence, so it gives the same bits.
#pragma once

#include <span>

#include "eddy/conv1d.h"
#include "ops/tap_product.h"

namespace eddy {

class ConvolutionStep {
 public:
  // Throws Error unless padding is causal and rows at least 1.
  ConvolutionStep(const Conv1d& layer, size_t rows, Precision precision);

  size_t state_size() const { return kWindow + span_ * rows_ * product_.shape().inputs; }
  size_t output_size() const { return rows_ * product_.shape().outputs; }
  void Reset(Real* state) const noexcept;
  // state [state_size()], input [B, D], output [B, N]. False at a step that the stride passes over: output is left alone.
  bool Step(Real* state, const Real* input, Real* output) noexcept;

 private:
  // What a state holds: where in the ring the step goes, steps until the next output, and the ring [span, B, D].
  enum : size_t { kPlace, kWait, kWindow };

  TapProduct product_;
  Tensor bias_, gathered_;
  size_t rows_, span_, dilation_, stride_;
};

}  // namespace eddy

// ForecastNetwork: layers over the past, then one linear layer that puts out, for every step of the horizon, how
// to mix the references and what to add. Covariates known in the future go through a small network of their own, the same
// for every step, whose output is added. Shapes: T steps, B rows, D features, H steps of the horizon, K references, Q
// quantiles.
#pragma once

#include <vector>

#include "eddy/encoder.h"
#include "tasks/forecast/design.h"

namespace eddy {

// What the network reads. Forecasts are made from each of the last R steps.
struct ForecastInput {
  Tensor features;    // [T, B, D]: rows end together; a shorter one has a reset at its first step, and anything before
  Sequence sequence;  // T, B and the resets
  Tensor references;  // [R, B, H, K]
  Tensor known;       // [R, B, H, known_features()]; empty without any
};

class ForecastNetwork {
 public:
  // Throws Error for a design out of range.
  ForecastNetwork(const ForecastDesign& design, uint64_t seed);

  // Quantiles [R, B, H, Q], scaled and rising.
  Var Forward(Tape& tape, const ForecastInput& input);
  // What the head makes of a layer's output y [R, B, width]: [R, B, H, K + Q]; see MixReferences.
  Var Head(Tape& tape, Var y, const Tensor& known);

  const ForecastDesign& design() const { return design_; }
  Encoder& encoder() { return encoder_; }
  void SetPrecision(Precision precision) {  // of the products of the trained network
    encoder_.SetPrecision(precision);
    design_.encoder.precision = precision;
  }
  Tensor& head_bias() { return head_bias_.value; }  // [H * (K + Q)]
  std::vector<Parameter*> parameters();

 private:
  ForecastDesign design_;
  Random random_;  // of the weights at the start
  Encoder encoder_;
  Parameter head_weight_, head_bias_;
  Parameter known_weight_, known_bias_, known_out_;  // empty without known covariates
};

}  // namespace eddy

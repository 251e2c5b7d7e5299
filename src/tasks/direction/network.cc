#include "tasks/direction/network.h"

#include <cmath>

#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

constexpr double kHeadGain = 0.1;  // small, so that training begins near even odds

}  // namespace

DirectionNetwork::DirectionNetwork(const DirectionDesign& design, uint64_t seed) : design_(design) {
  RequireValid(design);
  Random random(seed);
  for (size_t n = 0; n < design.networks(); ++n) {
    const std::string name = "network" + std::to_string(n) + ".";
    Encoder encoder(design.encoder, name + "recurrent", random);
    const double limit = kHeadGain / std::sqrt(static_cast<double>(encoder.output_width()));
    Tensor weight = Tensor::Uninitialized({1, encoder.output_width()});
    FillUniform(weight, -limit, limit, random);
    networks_.push_back(
        {std::move(encoder), Parameter(name + "head.weight", weight), Parameter(name + "head.bias", Tensor({1}))});
  }
  design_.encoder = networks_[0].encoder.options();
}

Var DirectionNetwork::Forward(Tape& tape, const Tensor& x, const Sequence& sequence, size_t network) {
  Network& n = networks_[network];
  const Var y = Dropout(tape, n.encoder.Forward(tape, tape.Constant(x), sequence), design_.dropout);
  return Linear(tape, y, tape.Use(n.weight), tape.Use(n.bias));
}

void DirectionNetwork::SetPrecision(Precision precision) {
  for (Network& network : networks_) network.encoder.SetPrecision(precision);
  design_.encoder.precision = precision;
}

std::vector<Parameter*> DirectionNetwork::parameters() {
  std::vector<Parameter*> parameters;
  for (Network& network : networks_) {
    for (Parameter* each : network.encoder.parameters()) parameters.push_back(each);
    parameters.insert(parameters.end(), {&network.weight, &network.bias});
  }
  return parameters;
}

}  // namespace eddy

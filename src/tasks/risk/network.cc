#include "tasks/risk/network.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

constexpr double kHeadGain = 0.1;  // small, so that training begins near the floor

Parameter Small(std::string name, const Shape& shape, double limit, Random& random) {
  Tensor values = Tensor::Uninitialized(shape);
  FillUniform(values, -limit, limit, random);
  return Parameter(std::move(name), values);
}

}  // namespace

RiskNetwork::RiskNetwork(const RiskDesign& design, uint64_t seed) : design_(design) {
  RequireValid(design);
  Random random(seed);
  const size_t W = design.outputs();
  for (size_t i = 0; i < design.members; ++i) {
    const std::string name = "member" + std::to_string(i) + ".";
    Encoder encoder(design.encoder, name + "recurrent", random);
    const double limit = kHeadGain / std::sqrt(static_cast<double>(encoder.output_width()));
    Parameter weight = Small(name + "head.weight", {W, encoder.output_width()}, limit, random);
    members_.push_back({std::move(encoder), std::move(weight), Parameter(name + "head.skip", Tensor({W, design.inputs()})),
                        Parameter(name + "head.bias", Tensor({W}))});
  }
  design_.encoder = members_[0].encoder.options();
}

Var RiskNetwork::Forward(Tape& tape, const Tensor& x, const Sequence& sequence, size_t member) {
  Member& m = members_[member];
  const Var features = tape.Constant(x);
  const Var y = Dropout(tape, m.encoder.Forward(tape, features, sequence), design_.dropout);
  return Add(tape, Linear(tape, y, tape.Use(m.weight), tape.Use(m.bias)), Linear(tape, features, tape.Use(m.skip)));
}

void RiskNetwork::SetBias(std::span<const Real> numbers) {
  for (Member& member : members_) std::copy(numbers.begin(), numbers.end(), member.bias.value.values().begin());
}

void RiskNetwork::SetPrecision(Precision precision) {
  for (Member& member : members_) member.encoder.SetPrecision(precision);
  design_.encoder.precision = precision;
}

std::vector<Parameter*> RiskNetwork::parameters() {
  std::vector<Parameter*> parameters;
  for (Member& member : members_) {
    for (Parameter* each : member.encoder.parameters()) parameters.push_back(each);
    parameters.insert(parameters.end(), {&member.weight, &member.skip, &member.bias});
  }
  return parameters;
}

}  // namespace eddy

#include "tasks/forecast/network.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "tasks/forecast/head.h"

namespace eddy {
namespace {

constexpr size_t kKnownHidden = 32;
constexpr double kHeadGain = 0.3;  // small, so that training begins near the references

const ForecastDesign& Checked(const ForecastDesign& design) {
  RequireValid(design);
  Require(IsCausal(design.encoder), "forecast", "the direction", "forward", "another");
  Require(design.dropout >= 0 && design.dropout < 1, "forecast", "dropout", "in [0, 1)", std::to_string(design.dropout));
  return design;
}

Tensor UniformIn(const Shape& shape, double limit, Random& random) {
  Tensor values = Tensor::Uninitialized(shape);
  for (Real& value : values.values()) value = static_cast<Real>((2 * random.Uniform() - 1) * limit);
  return values;
}

}  // namespace

ForecastNetwork::ForecastNetwork(const ForecastDesign& design, uint64_t seed)
    : design_(Checked(design)), random_(seed), encoder_(design.encoder, "recurrent", random_) {
  design_.encoder = encoder_.options();
  const size_t width = encoder_.output_width(), numbers = design.references() + design.quantiles.size();
  const double limit = kHeadGain / std::sqrt(static_cast<double>(width));
  head_weight_ = Parameter("head.weight", UniformIn({design.horizon * numbers, width}, limit, random_));
  head_bias_ = Parameter("head.bias", Tensor({design.horizon * numbers}));
  const size_t known = design.known_features();
  if (known == 0) return;
  known_weight_ = Parameter("known.weight", UniformIn({kKnownHidden, known}, 1 / std::sqrt(known), random_));
  known_bias_ = Parameter("known.bias", Tensor({kKnownHidden}));
  known_out_ = Parameter("known.out", UniformIn({numbers, kKnownHidden}, kHeadGain / std::sqrt(kKnownHidden), random_));
}

Var ForecastNetwork::Forward(Tape& tape, const ForecastInput& input) {
  const size_t steps = input.sequence.steps, origins = input.references.dim(0);
  const Var y = encoder_.Forward(tape, tape.Constant(input.features), input.sequence);
  const Var raw = Head(tape, Slice(tape, y, steps - origins, steps), input.known);
  return MixReferences(tape, raw, input.references, design_.median());
}

Var ForecastNetwork::Head(Tape& tape, Var y, const Tensor& known) {
  const size_t origins = tape.Value(y).dim(0), rows = tape.Value(y).dim(1);
  const size_t numbers = design_.references() + design_.quantiles.size();
  const Var raw = Linear(tape, Dropout(tape, y, design_.dropout), tape.Use(head_weight_), tape.Use(head_bias_));
  const Var by_step = Reshape(tape, raw, {origins, rows, design_.horizon, numbers});
  if (design_.known_features() == 0) return by_step;
  const Var hidden = Tanh(tape, Linear(tape, tape.Constant(known), tape.Use(known_weight_), tape.Use(known_bias_)));
  return Add(tape, by_step, Linear(tape, hidden, tape.Use(known_out_)));
}

std::vector<Parameter*> ForecastNetwork::parameters() {
  std::vector<Parameter*> parameters = encoder_.parameters();
  parameters.push_back(&head_weight_);
  parameters.push_back(&head_bias_);
  if (design_.known_features() > 0) {
    parameters.insert(parameters.end(), {&known_weight_, &known_bias_, &known_out_});
  }
  return parameters;
}

}  // namespace eddy

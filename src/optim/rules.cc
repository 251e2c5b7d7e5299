#include "optim/rules.h"

#include <cmath>

#include "base/nearest.h"
#include "eddy/error.h"

namespace eddy {
namespace {

using Names = std::vector<std::string_view>;

// Sutskever 2013, in the form of PyTorch: the rate is outside the momentum.
void UpdateSgd(const OptimizerOptions& options, const UpdateStep& step, const UpdatePart& part) {
  const Real rate = static_cast<Real>(step.rate), decay = static_cast<Real>(step.decay);
  const Real momentum = static_cast<Real>(options.momentum);
  Real *value = part.value, *velocity = part.slots[0];
  if (momentum == 0) {
    for (size_t i = 0; i < part.size; ++i) value[i] -= rate * (part.grad[i] + decay * value[i]);
    return;
  }
  const bool nesterov = options.nesterov;
  for (size_t i = 0; i < part.size; ++i) {
    const Real g = part.grad[i] + decay * value[i];
    velocity[i] = momentum * velocity[i] + g;
    value[i] -= rate * (nesterov ? g + momentum * velocity[i] : velocity[i]);
  }
}

// Duchi 2011.
void UpdateAdagrad(const OptimizerOptions&, const UpdateStep& step, const UpdatePart& part) {
  const Real rate = static_cast<Real>(step.rate), decay = static_cast<Real>(step.decay);
  const Real epsilon = static_cast<Real>(step.epsilon);
  Real *value = part.value, *sum = part.slots[0];
  for (size_t i = 0; i < part.size; ++i) {
    const Real g = part.grad[i] + decay * value[i];
    sum[i] += g * g;
    value[i] -= rate * (g / (std::sqrt(sum[i]) + epsilon));
  }
}

// Tieleman and Hinton 2012.
void UpdateRmsprop(const OptimizerOptions& options, const UpdateStep& step, const UpdatePart& part) {
  const Real rate = static_cast<Real>(step.rate), decay = static_cast<Real>(step.decay);
  const Real epsilon = static_cast<Real>(step.epsilon), alpha = static_cast<Real>(options.alpha);
  const Real fresh = static_cast<Real>(1 - options.alpha), momentum = static_cast<Real>(options.momentum);
  Real *value = part.value, *square = part.slots[0], *velocity = part.slots[1];
  for (size_t i = 0; i < part.size; ++i) {
    const Real g = part.grad[i] + decay * value[i];
    square[i] = alpha * square[i] + fresh * g * g;
    Real direction = g / (std::sqrt(square[i]) + epsilon);
    if (momentum != 0) direction = velocity[i] = momentum * velocity[i] + direction;
    value[i] -= rate * direction;
  }
}

// Kingma 2015; `shrink` is what decoupled weight decay multiplies the weights by, `decay` is added to the gradient.
void UpdateByMoments(const OptimizerOptions& options, const UpdateStep& step, const UpdatePart& part, Real shrink,
                     Real decay) {
  const double count = static_cast<double>(step.count);
  const Real beta1 = static_cast<Real>(options.beta1), fresh1 = static_cast<Real>(1 - options.beta1);
  const Real beta2 = static_cast<Real>(options.beta2), fresh2 = static_cast<Real>(1 - options.beta2);
  const Real rate = static_cast<Real>(step.rate / (1 - std::pow(options.beta1, count)));
  const Real unbias = static_cast<Real>(1 / std::sqrt(1 - std::pow(options.beta2, count)));
  const Real epsilon = static_cast<Real>(step.epsilon);
  Real *value = part.value, *mean = part.slots[0], *square = part.slots[1];
  for (size_t i = 0; i < part.size; ++i) {
    const Real g = part.grad[i] + decay * value[i];
    mean[i] = beta1 * mean[i] + fresh1 * g;
    square[i] = beta2 * square[i] + fresh2 * g * g;
    value[i] = shrink * value[i] - rate * (mean[i] / (std::sqrt(square[i]) * unbias + epsilon));
  }
}

void UpdateAdam(const OptimizerOptions& options, const UpdateStep& step, const UpdatePart& part) {
  UpdateByMoments(options, step, part, 1, static_cast<Real>(step.decay));
}

void UpdateAdamw(const OptimizerOptions& options, const UpdateStep& step, const UpdatePart& part) {
  UpdateByMoments(options, step, part, static_cast<Real>(1 - step.rate * step.decay), 0);
}

Names SgdSlots(const OptimizerOptions& options) { return options.momentum == 0 ? Names{} : Names{"momentum_buffer"}; }
Names AdagradSlots(const OptimizerOptions&) { return {"sum"}; }
Names RmspropSlots(const OptimizerOptions& options) {
  return options.momentum == 0 ? Names{"square_avg"} : Names{"square_avg", "momentum_buffer"};
}
Names AdamSlots(const OptimizerOptions&) { return {"exp_avg", "exp_avg_sq"}; }

constexpr Rule kRules[] = {
    // name, epsilon, momentum, nesterov, decays_rank_1
    {"sgd", 0, true, true, true, SgdSlots, UpdateSgd},
    {"adagrad", 1e-10, false, false, true, AdagradSlots, UpdateAdagrad},
    {"rmsprop", 1e-8, true, false, true, RmspropSlots, UpdateRmsprop},
    {"adam", 1e-8, false, false, true, AdamSlots, UpdateAdam},
    {"adamw", 1e-8, false, false, false, AdamSlots, UpdateAdamw},
};

}  // namespace

const Rule& FindRule(std::string_view name) {
  Names names;
  std::string listed;
  for (const Rule& rule : kRules) {
    if (rule.name == name) return rule;
    names.push_back(rule.name);
    listed.append(listed.empty() ? "one of " : ", ").append(rule.name);
  }
  const std::string nearest = Nearest(name, names);
  std::string given(name);
  if (!nearest.empty()) given.append(" (did you mean ").append(nearest).append("?)");
  Fail("optimizer", "name", listed, given);
}

}  // namespace eddy

#include <cmath>
#include <limits>
#include <utility>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "kernels/loops.h"
#include "optim/rules.h"

namespace eddy {
namespace {

// `range` is [0, most) in words.
void RequireBelow(std::string_view argument, double value, double most, std::string_view range) {
  if (!(value >= 0 && value < most)) Fail("optimizer", argument, range, std::to_string(value));
}

void CheckOptions(const OptimizerOptions& options, const Rule& rule) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  RequireBelow("momentum", options.momentum, 1, "in [0, 1)");
  RequireBelow("beta1", options.beta1, 1, "in [0, 1)");
  RequireBelow("beta2", options.beta2, 1, "in [0, 1)");
  RequireBelow("alpha", options.alpha, 1, "in [0, 1)");
  RequireBelow("epsilon", options.epsilon, kInfinity, "finite, at least 0");
  RequireBelow("weight decay", options.weight_decay, kInfinity, "finite, at least 0");
  if (options.momentum != 0 && !rule.momentum) {
    Fail("optimizer", "momentum", std::string("0 with ").append(rule.name), std::to_string(options.momentum));
  }
  if (options.nesterov) {
    if (!rule.nesterov) Fail("optimizer", "nesterov", std::string("false with ").append(rule.name), "true");
    Require(options.momentum > 0, "optimizer", "momentum", "above 0 with nesterov", "0");
  }
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, std::vector<Parameter*> parameters, Threads& threads)
    : options_(options), parameters_(std::move(parameters)), threads_(threads) {
  const Rule& rule = FindRule(options_.name);
  CheckOptions(options_, rule);
  const size_t count = rule.slots(options_).size();
  for (const Parameter* parameter : parameters_) {
    std::vector<Tensor>& slots = slots_.emplace_back();
    for (size_t i = 0; i < count; ++i) slots.emplace_back(parameter->value.shape());
  }
}

void Optimizer::Step(double learning_rate) {
  if (!(learning_rate >= 0 && std::isfinite(learning_rate))) {
    Fail("optimizer", "learning rate", "finite, at least 0", std::to_string(learning_rate));
  }
  const Rule& rule = FindRule(options_.name);
  const double epsilon = options_.epsilon == 0 ? rule.epsilon : options_.epsilon;
  ++steps_;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = *parameters_[i];
    const bool decayed = rule.decays_rank_1 || parameter.value.rank() > 1;
    const UpdateStep step{learning_rate, decayed ? options_.weight_decay : 0, epsilon, steps_};
    threads_.For(parameter.value.size(), kGrain, [&](size_t begin, size_t end) {
      UpdatePart part{parameter.value.data() + begin, parameter.grad.data() + begin, {}, end - begin};
      for (size_t slot = 0; slot < slots_[i].size(); ++slot) part.slots[slot] = slots_[i][slot].data() + begin;
      rule.update(options_, step, part);
    });
  }
}

std::vector<std::pair<std::string, Tensor>> Optimizer::slots() const {
  const std::vector<std::string_view> names = FindRule(options_.name).slots(options_);
  std::vector<std::pair<std::string, Tensor>> slots;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    for (size_t slot = 0; slot < names.size(); ++slot) {
      slots.emplace_back(std::string(parameters_[i]->name).append(".").append(names[slot]), slots_[i][slot]);
    }
  }
  return slots;
}

}  // namespace eddy

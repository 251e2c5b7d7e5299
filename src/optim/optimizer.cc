#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "kernels/loops.h"
#include "ops/shapes.h"
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
    : options_(options),
      parameters_(std::move(parameters)),
      rates_(parameters_.size(), {1, options.weight_decay}),
      threads_(threads) {
  const Rule& rule = FindRule(options_.name);
  CheckOptions(options_, rule);
  CheckParameters("optimizer", parameters_);
  std::set<const Parameter*> seen;
  const size_t count = rule.slots(options_).size();
  for (const Parameter* parameter : parameters_) {
    Require(seen.insert(parameter).second, "optimizer", parameter->name, "there once", "there twice");
    shapes_.push_back(parameter->value.shape());
    std::vector<Tensor>& slots = slots_.emplace_back();
    for (size_t i = 0; i < count; ++i) slots.emplace_back(parameter->value.shape());
  }
}

Optimizer Optimizer::OfGroups(const OptimizerOptions& options, const std::vector<ParameterGroup>& groups, Threads& threads) {
  std::vector<Parameter*> parameters;
  std::vector<Rates> rates;
  for (const ParameterGroup& group : groups) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const Rates own = {group.rate, group.weight_decay.value_or(options.weight_decay)};
    RequireBelow("rate of a group", own.rate, kInfinity, "finite, at least 0");
    RequireBelow("weight decay of a group", own.weight_decay, kInfinity, "finite, at least 0");
    parameters.insert(parameters.end(), group.parameters.begin(), group.parameters.end());
    rates.resize(parameters.size(), own);
  }
  Optimizer optimizer(options, std::move(parameters), threads);
  optimizer.rates_ = std::move(rates);
  return optimizer;
}

void Optimizer::set_steps(int64_t steps) {
  Require(steps >= 0, "optimizer", "steps", "at least 0", "below");
  steps_ = steps;
}

void Optimizer::Step(double learning_rate) {
  if (!(learning_rate >= 0 && std::isfinite(learning_rate))) {
    Fail("optimizer", "learning rate", "finite, at least 0", std::to_string(learning_rate));
  }
  CheckParameters("optimizer", parameters_);
  for (size_t i = 0; i < parameters_.size(); ++i) {
    RequireSameShape("optimizer", parameters_[i]->name, shapes_[i], parameters_[i]->value.shape());
  }
  const Rule& rule = FindRule(options_.name);
  const double epsilon = options_.epsilon == 0 ? rule.epsilon : options_.epsilon;
  ++steps_;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = *parameters_[i];
    if (parameter.fixed) continue;
    const bool decayed = rule.decays_rank_1 || parameter.value.rank() > 1;
    const UpdateStep step{learning_rate * rates_[i].rate, decayed ? rates_[i].weight_decay : 0, epsilon, steps_};
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

// The update rules: each an elementwise loop over a parameter, its gradient and the rule's slots.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "eddy/optim.h"

namespace eddy {

// One call's part of a parameter. The rule reads `grad` and changes the others.
struct UpdatePart {
  Real* value;
  const Real* grad;
  Real* slots[2];
  size_t size;
};

struct UpdateStep {
  double rate;
  double decay;  // of the weights, 0 for parameters that are not decayed
  double epsilon;
  int64_t count;  // of steps, 1 at the first
};

struct Rule {
  std::string_view name;
  double epsilon;           // its default
  bool momentum, nesterov;  // whether it has the option
  bool decays_rank_1;
  std::vector<std::string_view> (*slots)(const OptimizerOptions&);  // their names, at most two
  void (*update)(const OptimizerOptions&, const UpdateStep&, const UpdatePart&);
};

// Throws Error, with the nearest name, when there is none.
const Rule& FindRule(std::string_view name);

}  // namespace eddy

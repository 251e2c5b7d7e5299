#include <algorithm>
#include <utility>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "kernels/loops.h"
#include "ops/shapes.h"

namespace eddy {

WeightAverage::WeightAverage(double decay, std::vector<Parameter*> parameters, Threads& threads)
    : decay_(decay), parameters_(std::move(parameters)), threads_(threads) {
  if (!(decay >= 0 && decay < 1)) Fail("weight average", "decay", "in [0, 1)", std::to_string(decay));
  CheckParameters("weight average", parameters_);
  for (const Parameter* parameter : parameters_) average_.push_back(parameter->value.Clone());
}

void WeightAverage::CheckShapes() const {
  CheckParameters("weight average", parameters_);
  for (size_t i = 0; i < parameters_.size(); ++i) {
    RequireSameShape("weight average", parameters_[i]->name, average_[i].shape(), parameters_[i]->value.shape());
  }
}

void WeightAverage::Update() {
  CheckShapes();
  const double n = static_cast<double>(updates++);
  const Real fresh = static_cast<Real>(1 - std::min(decay_, (1 + n) / (10 + n)));
  for (size_t i = 0; i < parameters_.size(); ++i) {
    ForEach(threads_, average_[i].size(), [fresh, to = average_[i].data(), from = parameters_[i]->value.data()](size_t j) {
      to[j] += fresh * (from[j] - to[j]);
    });
  }
}

// The elements change places, not the arrays: whoever holds a parameter's array sees the change.
void WeightAverage::Swap() {
  CheckShapes();
  for (size_t i = 0; i < parameters_.size(); ++i) {
    ForEach(threads_, average_[i].size(),
            [a = average_[i].data(), b = parameters_[i]->value.data()](size_t j) { std::swap(a[j], b[j]); });
  }
}

}  // namespace eddy

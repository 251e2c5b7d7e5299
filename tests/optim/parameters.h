// A few parameters p0, p1, ... with random values and gradients.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "eddy/random.h"
#include "eddy/tape.h"

namespace eddy {

class Parameters {
 public:
  explicit Parameters(const std::vector<Shape>& shapes) {
    for (const Shape& shape : shapes) {
      parameters_.emplace_back(std::string("p").append(std::to_string(parameters_.size())), Tensor(shape));
      pointers_.push_back(&parameters_.back());
      Randomize(parameters_.back().value, 100 + parameters_.size());
    }
  }

  const std::vector<Parameter*>& pointers() const { return pointers_; }
  Parameter& operator[](size_t i) { return parameters_[i]; }

  void RandomGrads(uint64_t seed) {
    for (Parameter& parameter : parameters_) Randomize(parameter.grad, ++seed);
  }

  std::vector<Real> Values() const { return All(&Parameter::value); }
  std::vector<Real> Grads() const { return All(&Parameter::grad); }

 private:
  static void Randomize(const Tensor& tensor, uint64_t seed) {
    Random random(seed);
    for (Real& x : tensor.values()) x = static_cast<Real>(random.Normal());
  }

  std::vector<Real> All(Tensor Parameter::*member) const {
    std::vector<Real> all;
    for (const Parameter& parameter : parameters_) {
      const auto values = (parameter.*member).values();
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  }

  std::deque<Parameter> parameters_;
  std::vector<Parameter*> pointers_;
};

}  // namespace eddy

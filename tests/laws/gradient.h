// Gradients against finite differences, for the laws: exact to 1e-8 in double, a sanity check in float.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <type_traits>
#include <vector>

#include "eddy/ops.h"
#include "eddy/random.h"
#include "eddy/tape.h"

namespace eddy {

inline constexpr bool kDouble = std::is_same_v<Real, double>;

inline Tensor Randoms(const Shape& shape, uint64_t seed, double scale = 1) {
  Random random(seed);
  Tensor tensor(shape);
  for (Real& x : tensor.values()) x = static_cast<Real>(scale * random.Normal());
  return tensor;
}

// A function of several arrays, built on a tape.
using Graph = std::function<Var(Tape&, const std::vector<Var>&)>;

// The values summed with weights that differ from element to element, so that every gradient matters.
inline double WeightedSum(const Tensor& y) {
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) sum += std::cos(1 + static_cast<double>(i)) * y[i];
  return sum;
}

inline double Evaluate(const Graph& graph, const std::vector<Tensor>& inputs, uint64_t seed) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kTraining, seed);
  std::vector<Var> vars;
  for (const Tensor& input : inputs) vars.push_back(tape.Constant(input));
  return WeightedSum(tape.Value(graph(tape, vars)));
}

struct Gradients {
  Tensor value;
  std::vector<Tensor> grads;  // an input's; empty where none arrived
};

// The gradients of WeightedSum(graph(inputs)).
inline Gradients Differentiate(const Graph& graph, const std::vector<Tensor>& inputs, int thread_count = 1,
                               uint64_t seed = 7) {
  Threads threads(thread_count, Threads::Share::kAlways);
  Tape tape(threads, Tape::Mode::kTraining, seed);
  std::vector<Var> vars;
  for (const Tensor& input : inputs) vars.push_back(tape.Differentiable(input));
  const Var y = graph(tape, vars);
  Gradients result{tape.Value(y).Clone(), {}};
  const size_t n = result.value.size();
  Tensor weights({1, n});
  for (size_t i = 0; i < n; ++i) weights[i] = static_cast<Real>(std::cos(1 + static_cast<double>(i)));
  tape.Backward(Linear(tape, Reshape(tape, y, {1, n}), tape.Constant(weights)));
  for (Var var : vars) result.grads.push_back(tape.HasGrad(var) ? tape.Grad(var).Clone() : Tensor());
  return result;
}

// Central differences of fourth order: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h.
inline void ExpectGradientsMatchDifferences(const Graph& graph, const std::vector<Tensor>& inputs, double tolerance = 1e-8,
                                            double step = kDouble ? 1e-3 : 2e-2) {
  const uint64_t seed = 7;
  const std::vector<Tensor> grads = Differentiate(graph, inputs, 1, seed).grads;
  if (!kDouble) tolerance = 2e-2;
  for (size_t k = 0; k < inputs.size(); ++k) {
    ASSERT_FALSE(grads[k].empty()) << "input " << k << " has no gradient";
    double scale = 1e-3;
    for (Real g : grads[k].values()) scale = std::max(scale, std::fabs(static_cast<double>(g)));
    for (size_t i = 0; i < inputs[k].size(); ++i) {
      const Real x = inputs[k][i];
      const double h = step * std::max(1., std::fabs(static_cast<double>(x)));
      const auto at = [&](double offset) {
        inputs[k][i] = static_cast<Real>(x + offset);
        return Evaluate(graph, inputs, seed);
      };
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      inputs[k][i] = x;
      EXPECT_NEAR(grads[k][i], slope, tolerance * scale) << "input " << k << ", element " << i;
    }
  }
}

inline void ExpectSameBits(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.shape(), b.shape());
  EXPECT_TRUE(std::equal(a.values().begin(), a.values().end(), b.values().begin()));
}

inline void ExpectSameForAnyThreads(const Graph& graph, const std::vector<Tensor>& inputs) {
  const Gradients one = Differentiate(graph, inputs, 1);
  for (int threads : {2, 3, 7}) {
    const Gradients many = Differentiate(graph, inputs, threads);
    ExpectSameBits(one.value, many.value);
    for (size_t k = 0; k < inputs.size(); ++k) ExpectSameBits(one.grads[k], many.grads[k]);
  }
}

}  // namespace eddy

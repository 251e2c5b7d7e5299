// Cells that have no product with their hidden state are what their papers' equations say, written out step by step.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "laws/cases.h"

namespace eddy {
namespace linear_cells_test {

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }

// A step of one unit: its gates' W x + b, its parameters, and its states, of which the first is put out.
using Equations = std::function<void(const std::vector<double>& x, const std::vector<double>& p, std::vector<double>& s)>;

struct EquationCase {
  std::string cell;
  Equations step;
};

void PrintTo(const EquationCase& c, std::ostream* out) { *out << c.cell; }

std::vector<EquationCase> Cases() {
  using Numbers = std::vector<double>;
  return {
      {"qrnn",
       [](const Numbers& x, const Numbers&, Numbers& s) {
         const double f = Logistic(x[1]);
         s[1] = f * s[1] + (1 - f) * std::tanh(x[0]);
         s[0] = Logistic(x[2]) * s[1];
       }},
      {"sru",
       [](const Numbers& x, const Numbers& p, Numbers& s) {
         const double f = Logistic(x[1] + p[0] * s[1]), r = Logistic(x[2] + p[1] * s[1]);
         s[1] = f * s[1] + (1 - f) * x[0];
         s[0] = r * s[1] + (1 - r) * x[3];
       }},
      {"rg_lru",  // with a = sigmoid(Lambda), as the paper has it
       [](const Numbers& x, const Numbers& p, Numbers& s) {
         const double log_sigmoid = -std::exp(p[0]), lambda = -std::log(std::expm1(-log_sigmoid));
         const double a = std::pow(Logistic(lambda), 8 * Logistic(x[0]));
         s[0] = a * s[0] + std::sqrt(1 - a * a) * (Logistic(x[1]) * x[2]);
       }},
      {"min_gru_signed",
       [](const Numbers& x, const Numbers&, Numbers& s) {
         const double z = 2 * Logistic(x[0]);
         s[0] = (1 - z) * s[0] + z * x[1];
       }},
  };
}

class LinearCells : public testing::TestWithParam<EquationCase> {};
INSTANTIATE_TEST_SUITE_P(Every, LinearCells, testing::ValuesIn(Cases()), [](const auto& info) { return info.param.cell; });

TEST_P(LinearCells, are_their_papers_equations) {
  const size_t T = 12, D = 3, H = 5;
  Random random(1);
  Recurrent layer(Plain(GetParam().cell, D, H), "layer", random);
  Disturb(layer, 2);
  const std::vector<Parameter*> parameters = layer.parameters();  // W, b and, in some, p
  const Tensor W = parameters[0]->value, b = parameters[1]->value;
  const CellFacts facts = FactsOf(layer.cell());
  const auto gates = static_cast<size_t>(facts.gates), params = static_cast<size_t>(facts.params);
  const auto states = static_cast<size_t>(facts.states);
  const Tensor x = RandomTensor({T, 1, D}, 3);
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor y = tape.Value(layer.Forward(tape, tape.Constant(x), {T, 1, {}, {}}).y);
  for (size_t j = 0; j < H; ++j) {
    std::vector<double> p(params), s(states), gate(gates);
    for (size_t i = 0; i < params; ++i) p[i] = parameters[2]->value[i * H + j];
    for (size_t t = 0; t < T; ++t) {
      for (size_t g = 0; g < gates; ++g) {
        gate[g] = b[g * H + j];
        for (size_t d = 0; d < D; ++d) gate[g] += static_cast<double>(W[(g * H + j) * D + d]) * x[t * D + d];
      }
      GetParam().step(gate, p, s);
      EXPECT_NEAR(y[t * H + j], s[0], sizeof(Real) == 8 ? 1e-9 : 2e-5) << "step " << t << ", unit " << j;
    }
  }
}

// Grazzi 2024, theorem 1: parity at every length takes an eigenvalue below 0. Here h = 1 - h on a 1 and h on a 0.
TEST(min_gru_signed, tells_the_parity_of_a_thousand_bits) {
  Random random(1), bits(2);
  Recurrent layer(Plain("min_gru_signed", 1, 1), "layer", random);
  layer.parameters()[0]->value[0] = 80;  // W_z
  layer.parameters()[0]->value[1] = 0;   // W_n
  layer.parameters()[1]->value[0] = -40;
  layer.parameters()[1]->value[1] = Real{0.5};
  const size_t T = 1000;
  Tensor x({T, 1, 1});
  for (Real& bit : x.values()) bit = static_cast<Real>(bits.Below(2));
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor y = tape.Value(layer.Forward(tape, tape.Constant(x), {T, 1, {}, {}}).y);
  bool odd = false;
  for (size_t t = 0; t < T; ++t) {
    odd ^= x[t] > 0;
    ASSERT_NEAR(y[t], odd, 1e-3) << "step " << t;
  }
}

// What makes the decay 1 leaves the gradient finite.
TEST(rg_lru, has_a_finite_gradient_where_nothing_is_forgotten) {
  for (double bias : {-1e4, -100., 1e4}) {
    Random random(1);
    Recurrent layer(Plain("rg_lru", 2, 3), "layer", random);
    for (size_t j = 0; j < 3; ++j) layer.parameters()[1]->value[j] = static_cast<Real>(bias);
    Threads threads(1);
    Tape tape(threads);
    const Var x = tape.Differentiable(RandomTensor({4, 1, 2}, 3));
    const Var y = layer.Forward(tape, x, {4, 1, {}, {}}).y;
    tape.Backward(tape.Record(Tensor({1}), {y}, [&](const Tensor&) { tape.Grad(y).Fill(1); }));
    for (Real g : tape.Grad(x).values()) EXPECT_TRUE(std::isfinite(g));
    for (const Parameter* parameter : layer.parameters()) {
      for (Real g : parameter->grad.values()) EXPECT_TRUE(std::isfinite(g)) << parameter->name;
    }
  }
}

}  // namespace linear_cells_test
}  // namespace eddy

// The cell compiler: what it records, derives and finds, at compile time and at run time alike.
#include "pointwise/cell_programs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../../examples/cells/ugrnn.h"  // the worked example of docs/adding-a-cell.md
#include "eddy/cells/gru.h"
#include "eddy/cells/gru_reset_before.h"
#include "eddy/cells/indrnn.h"
#include "eddy/cells/lstm.h"
#include "eddy/cells/min_gru.h"
#include "eddy/cells/min_lstm.h"
#include "eddy/cells/rg_lru.h"
#include "eddy/cells/rnn_relu.h"

namespace eddy::pointwise {
namespace cell_programs_test {

// The plainest evaluation of a program.
std::vector<double> Interpret(const Program& p, const std::vector<double>& inputs) {
  std::vector<double> v(static_cast<size_t>(p.graph.size)), out;
  for (int i = 0; i < p.graph.size; ++i) {
    const Node& n = p.graph.node[i];
    const auto at = [&](int j) { return j >= 0 ? v[static_cast<size_t>(j)] : 0; };
    const double a = n.op == Op::kInput ? inputs.at(static_cast<size_t>(n.a)) : at(n.a), b = at(n.b), c = at(n.c);
    double& r = v[static_cast<size_t>(i)];
    switch (n.op) {
      case Op::kInput:
        r = a;
        break;
      case Op::kConst:
        r = n.value;
        break;
      case Op::kAdd:
        r = a + b;
        break;
      case Op::kSub:
        r = a - b;
        break;
      case Op::kMul:
        r = a * b;
        break;
      case Op::kDiv:
        r = a / b;
        break;
      case Op::kMulAdd:
        r = std::fma(a, b, c);
        break;
      case Op::kMulSub:
        r = std::fma(a, b, -c);
        break;
      case Op::kSubMul:
        r = std::fma(-a, b, c);
        break;
      case Op::kGate:
        r = a > 0 ? b : 0;
        break;
      case Op::kRelu:
        r = a > 0 ? a : 0;
        break;
      case Op::kSigmoid:
        r = 1 / (1 + std::exp(-a));
        break;
      case Op::kTanh:
        r = std::tanh(a);
        break;
      case Op::kExp:
        r = std::exp(a);
        break;
      case Op::kSqrt:
        r = std::sqrt(a);
        break;
    }
  }
  for (int o = 0; o < p.num_outputs; ++o) out.push_back(v[static_cast<size_t>(p.output[o])]);
  return out;
}

// Every derivative of Step against central differences.
template <class Cell>
void CheckDerivatives() {
  constexpr const Stage& stage = kStep<Cell>;
  const size_t inputs = static_cast<size_t>(SlotsOf<Cell>().inputs()), results = static_cast<size_t>(stage.results);
  std::vector<double> x(inputs);
  for (size_t i = 0; i < inputs; ++i) x[i] = 0.3 + 0.17 * static_cast<double>(i % 5) - 0.21 * static_cast<double>(i % 3);
  const std::vector<double> forward = Interpret(stage.forward, x);
  std::vector<double> backward_inputs = x;
  backward_inputs.insert(backward_inputs.end(), forward.begin() + stage.results, forward.end());
  for (size_t r = 0; r < results; ++r) backward_inputs.push_back(1 + 0.5 * static_cast<double>(r));
  const std::vector<double> gradient = Interpret(stage.backward, backward_inputs);
  for (size_t i = 0; i < inputs; ++i) {
    const auto loss = [&](double h) {
      std::vector<double> moved = x;
      moved[i] += h;
      const std::vector<double> out = Interpret(stage.forward, moved);
      double sum = 0;
      for (size_t r = 0; r < results; ++r) sum += (1 + 0.5 * static_cast<double>(r)) * out[r];
      return sum;
    };
    EXPECT_NEAR(gradient[i], (loss(1e-5) - loss(-1e-5)) / 2e-5, 1e-9) << Cell::kInfo.title << ", input " << i;
  }
}

TEST(CellPrograms, the_derivatives_of_a_step_equal_differences) {
  CheckDerivatives<Lstm>();
  CheckDerivatives<Gru>();
  CheckDerivatives<GruResetBefore>();
  CheckDerivatives<Indrnn>();
  CheckDerivatives<MinGru>();
  CheckDerivatives<MinLstm>();
  CheckDerivatives<RgLru>();
  CheckDerivatives<RnnRelu>();
}

TEST(CellPrograms, the_worked_example_of_the_documentation_is_a_cell) { CheckDerivatives<Ugrnn>(); }

TEST(CellPrograms, the_documentation_shows_the_worked_example_as_it_is) {
  const auto read = [](const char* path) {
    std::ifstream file(std::string(EDDY_SOURCE_DIR) + path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_NE(read("/docs/adding-a-cell.md").find(read("/examples/cells/ugrnn.h")), std::string::npos);
}

TEST(CellPrograms, recording_at_run_time_gives_the_program_of_compile_time) {
  const Program recorded = Record<Lstm, false>();
  const Stage derived = Derive(recorded, SlotsOf<Lstm>());
  const auto same = [](const Program& a, const Program& b) {
    ASSERT_EQ(a.graph.size, b.graph.size);
    for (int i = 0; i < a.graph.size; ++i) EXPECT_EQ(a.graph.node[i], b.graph.node[i]);
    EXPECT_EQ(a.output, b.output);
  };
  same(derived.forward, kStep<Lstm>.forward);
  same(derived.backward, kStep<Lstm>.backward);
}

TEST(CellPrograms, the_backward_of_an_lstm_is_as_small_as_one_written_by_hand) {
  EXPECT_LE(CountOperations(kStep<Lstm>.backward), 22);
  EXPECT_EQ(kStep<Lstm>.kept, 5);  // three gates, the candidate and tanh c'
  const Slots slots = SlotsOf<Lstm>();
  EXPECT_FALSE(ReadsRange(kStep<Lstm>.backward, slots.x(), slots.s())) << "gates before their activation need not be kept";
  EXPECT_FALSE(Reads(kStep<Lstm>.backward, slots.s())) << "nor h";
  EXPECT_TRUE(Reads(kStep<Lstm>.backward, slots.s() + 1)) << "but c";
}

TEST(CellPrograms, linear_recurrences_are_recognised) {
  static_assert(kIsLinear<MinGru> && kIsLinear<MinLstm> && kIsLinear<RgLru>);
  static_assert(!kIsLinear<Lstm> && !kIsLinear<Gru> && !kIsLinear<Indrnn> && !kIsLinear<RnnRelu>);
  static_assert(!kHasProduct<MinGru> && !kHasProduct<Indrnn> && kHasProduct<GruResetBefore>);
  // a = 1 - z and b = z n.
  const std::vector<double> factors = Interpret(kScan<MinGru>, {0.4, -0.7, 0, 0, 0});
  const double z = 1 / (1 + std::exp(-0.4));
  EXPECT_NEAR(factors[0], 1 - z, 1e-15);
  EXPECT_NEAR(factors[1], z * -0.7, 1e-15);
}

TEST(CellPrograms, only_a_cell_that_uses_u_apart_from_x_needs_a_second_bias) {
  static_assert(kHasRecurrentBias<Gru>);
  static_assert(!kHasRecurrentBias<Lstm> && !kHasRecurrentBias<GruResetBefore> && !kHasRecurrentBias<RnnRelu>);
}

// Of gate a nothing reads u, of gate b nothing reads x.
struct HalfRead {
  template <class V>
  struct Gates {
    V a, b;
  };
  template <class V>
  struct State {
    V h;
  };
  template <class V>
  static constexpr State<V> Step(Gates<V> x, Gates<V> u, State<V> s) {
    return {Tanh(x.a + s.h) * Sigmoid(u.b)};
  }
};

TEST(CellPrograms, gradients_of_gates_that_nothing_reads_are_written_as_zeros) {
  constexpr SlotSet writes = BackwardWrites<HalfRead, false>();
  for (int slot = 0; slot < SlotsOf<HalfRead>().m(); ++slot) EXPECT_TRUE(writes[static_cast<size_t>(slot)]) << slot;
  // Where the stage before writes them, the main one does not.
  constexpr Slots slots = SlotsOf<GruResetBefore>();
  EXPECT_FALSE((BackwardWrites<GruResetBefore, false>()[static_cast<size_t>(slots.x())]));
  EXPECT_TRUE((BackwardWrites<GruResetBefore, true>()[static_cast<size_t>(slots.x())]));
}

}  // namespace cell_programs_test
}  // namespace eddy::pointwise

// Cells' headers on plain double: what their equations give is what their compiled kernels give.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eddy/cells/lstm.h"
#include "eddy/cells/rg_lru.h"
#include "eddy/cells/rnn_relu.h"
#include "eddy/recurrent.h"
#include "eddy/stream.h"

namespace eddy {
namespace cell_on_doubles_test {

// A layer of one unit and one input, of which the test knows every weight.
struct Unit {
  RecurrentStack stack;

  explicit Unit(const char* cell, Random random = Random(3))
      : stack({.layer = {.cell = cell, .input = 1, .hidden = 1}}, "unit", random) {
    for (Parameter* p : stack.parameters()) {
      for (Real& value : p->value.values()) value = static_cast<Real>(random.Normal());
    }
  }
  double At(const char* name, size_t i) {
    for (Parameter* p : stack.parameters()) {
      if (p->name == std::string("unit.0.") + name) return static_cast<double>(p->value[i]);
    }
    ADD_FAILURE() << name;
    return 0;
  }
};

const std::vector<Real> kInputs = {Real(0.5), Real(-1), Real(2)};

TEST(CellOnDoubles, an_lstm_of_doubles_is_the_layer) {
  Unit unit("lstm");
  RecurrentStream stream(unit.stack);
  Lstm::State<double> s{};
  for (const Real& input : kInputs) {
    const auto x = [&](size_t g) { return unit.At("W", g) * static_cast<double>(input) + unit.At("b", g); };
    const auto u = [&](size_t g) { return unit.At("U", g) * s.h; };
    s = Lstm::Step<double>({x(0), x(1), x(2), x(3)}, {u(0), u(1), u(2), u(3)}, s);
    EXPECT_NEAR(static_cast<double>(stream.Step(&input)[0]), s.h, 1e-5);
  }
}

TEST(CellOnDoubles, a_rectified_network_of_doubles_is_the_layer) {
  Unit unit("rnn_relu");
  RecurrentStream stream(unit.stack);
  RnnRelu::State<double> s{};
  for (const Real& input : kInputs) {
    s = RnnRelu::Step<double>({unit.At("W", 0) * static_cast<double>(input) + unit.At("b", 0)}, {unit.At("U", 0) * s.h}, s);
    EXPECT_NEAR(static_cast<double>(stream.Step(&input)[0]), s.h, 1e-5);
  }
}

TEST(CellOnDoubles, a_cell_with_parameters_roots_and_exponentials_is_the_layer) {
  Unit unit("rg_lru");
  RecurrentStream stream(unit.stack);
  RgLru::State<double> s{};
  for (const Real& input : kInputs) {
    const auto x = [&](size_t g) { return unit.At("W", g) * static_cast<double>(input) + unit.At("b", g); };
    s = RgLru::Step<double>({x(0), x(1), x(2)}, {}, s, {unit.At("p", 0)});
    EXPECT_NEAR(static_cast<double>(stream.Step(&input)[0]), s.h, 1e-5);
  }
}

TEST(CellOnDoubles, its_functions_have_the_limits_of_the_engine) {
  EXPECT_EQ(Sigmoid(-1000), 0);
  EXPECT_EQ(Sigmoid(1000), 1);
  EXPECT_EQ(Relu(-1), 0);
  EXPECT_TRUE(std::isnan(Relu(std::nan(""))));
}

}  // namespace cell_on_doubles_test
}  // namespace eddy

#include "inspect/inside.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"

namespace eddy {
namespace inside_test {

constexpr size_t kSteps = 12, kRows = 3, kInput = 4, kHidden = 10;

StackOptions Options(const std::string& cell, size_t layers = 2) {
  StackOptions options;
  options.layer.cell = cell;
  options.layer.input = kInput;
  options.layer.hidden = kHidden;
  options.layers = layers;
  return options;
}

Tensor SomeInput() {
  Random random(3);
  Tensor input({kSteps, kRows, kInput});
  for (Real& value : input.values()) value = static_cast<Real>(random.Normal());
  return input;
}

// The sum of the last step's outputs.
Var LastSum(Tape& tape, Var output) {
  const Tensor& value = tape.Value(output);
  const size_t count = value.dim(1) * value.dim(2);
  const Var last = Reshape(tape, Slice(tape, output, value.dim(0) - 1, value.dim(0)), {1, count});
  Tensor ones({1, count});
  ones.Fill(1);
  return Linear(tape, last, tape.Constant(ones));
}

Inside Look(RecurrentStack& stack, const Tensor& input) {
  Threads threads(2);
  return LookInside(stack, input, std::vector<std::string>(input.dim(0), "x"), LastSum, stack.parameters(), threads);
}

TEST(InsideTest, every_cell_shows_its_gradients_gates_and_states) {
  for (const CellType* cell : Cells()) {
    SCOPED_TRACE(CellName(*cell));
    Random random(1);
    RecurrentStack stack(Options(std::string(CellName(*cell))), "layer", random);
    const Inside inside = Look(stack, SomeInput());
    ASSERT_EQ(inside.layers.size(), 2u);
    for (const LayerInside& layer : inside.layers) {
      ASSERT_EQ(layer.survival.size(), kSteps);
      EXPECT_EQ(layer.survival[0], 1);
      for (const double value : layer.survival) EXPECT_TRUE(std::isfinite(value) && value >= 0);
      EXPECT_EQ(layer.states.size(), kSteps * kHidden);
      for (const auto& activation : layer.activations) {
        EXPECT_FALSE(activation.name.empty());
        EXPECT_GE(activation.low, 0);
        EXPECT_LE(activation.low + activation.high, 1);
      }
      EXPECT_LE(layer.dead + layer.saturated, 2 * kHidden);
    }
  }
}

TEST(InsideTest, the_states_are_those_of_the_network) {
  Random random(1);
  RecurrentStack stack(Options("lstm"), "layer", random);
  const Tensor input = SomeInput();
  const Inside inside = Look(stack, input);
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  Sequence sequence;
  sequence.steps = kSteps;
  sequence.rows = kRows;
  const Tensor output = tape.Value(stack.Forward(tape, tape.Constant(input), sequence).y);
  for (size_t t = 0; t < kSteps; ++t) {
    for (size_t unit = 0; unit < kHidden; ++unit) {
      EXPECT_EQ(inside.layers[1].states[t * kHidden + unit], output[t * kRows * kHidden + unit]);
    }
  }
}

TEST(InsideTest, the_parameters_gradients_are_zero_afterwards) {
  Random random(1);
  RecurrentStack stack(Options("gru"), "layer", random);
  Look(stack, SomeInput());
  for (const Parameter* parameter : stack.parameters()) {
    for (const Real value : parameter->grad.values()) ASSERT_EQ(value, 0) << parameter->name;
  }
}

TEST(InsideTest, a_linear_recurrence_of_known_decay_loses_gradient_at_that_rate) {
  Random random(1);
  RecurrentStack stack(Options("indrnn", 1), "layer", random);
  for (Parameter* parameter : stack.parameters()) {
    if (parameter->name.ends_with(".p")) parameter->value.Fill(0.5f);
    if (parameter->name.ends_with(".W")) parameter->value.Fill(1);
  }
  Tensor input({kSteps, kRows, kInput});
  input.Fill(1);  // keeps every unit above 0, where h' = x + h / 2
  const Inside inside = Look(stack, input);
  for (size_t t = 0; t < kSteps; ++t) EXPECT_NEAR(inside.layers[0].survival[t], std::pow(0.5, t), 1e-6);
  EXPECT_EQ(GradientHalfLife(inside.layers[0].survival), 3u);
}

TEST(InsideTest, units_that_do_nothing_are_dead_and_units_at_a_limit_saturated) {
  Random random(1);
  RecurrentStack stack(Options("rnn_tanh", 1), "layer", random);
  for (Parameter* parameter : stack.parameters()) {
    parameter->value.Fill(0);
    if (parameter->name.ends_with(".b")) parameter->value[0] = 20;
  }
  const Inside inside = Look(stack, SomeInput());
  EXPECT_EQ(inside.layers[0].dead, kHidden);
  EXPECT_EQ(inside.layers[0].saturated, 1u);
  EXPECT_NEAR(inside.layers[0].mean_magnitude, 1.0 / kHidden, 1e-6);
}

TEST(InsideTest, half_lives_count_steps_back) {
  EXPECT_EQ(GradientHalfLife({1, 0.6, 0.4, 0.7}), 3u);
  EXPECT_EQ(GradientHalfLife({1, 0.9}), std::nullopt);
  EXPECT_EQ(GradientHalfLife({}), std::nullopt);
}

TEST(InsideTest, what_cannot_be_looked_into_is_an_error) {
  Random random(1);
  Threads threads(1);
  StackOptions both = Options("lstm");
  both.bidirectional = true;
  RecurrentStack bidirectional(both, "layer", random), stack(Options("lstm"), "layer", random);
  EXPECT_THROW(Look(bidirectional, SomeInput()), Error);
  EXPECT_THROW(Look(stack, Tensor({0, 1, kInput})), Error);
  EXPECT_THROW(LookInside(stack, SomeInput(), {"too few"}, LastSum, stack.parameters(), threads), Error);
}

TEST(InsideTest, the_json_holds_what_people_see) {
  Random random(1);
  RecurrentStack stack(Options("lstm"), "layer", random);
  const Json json = ToJson(Look(stack, SomeInput()));
  EXPECT_EQ(json["steps"], kSteps);
  ASSERT_EQ(json["layers"].size(), 2u);
  EXPECT_EQ(json["layers"][0]["survival"].size(), kSteps);
  EXPECT_EQ(json["layers"][0]["activations"][0].size(), 3u);
}

}  // namespace inside_test
}  // namespace eddy

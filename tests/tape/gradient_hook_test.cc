// A backward says when the gradient of a parameter is complete. Of every cell: tests/laws/exactness_test.cc.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eddy/ops.h"

namespace eddy {
namespace gradient_hook_test {

std::vector<Real> GradientOf(const Parameter& parameter) {
  return {parameter.grad.values().begin(), parameter.grad.values().end()};
}

Parameter Counting(const std::string& name) {
  Parameter parameter(name, Tensor({2, 2}));
  for (size_t i = 0; i < 4; ++i) parameter.value[i] = static_cast<Real>(i + 1);
  return parameter;
}

TEST(a_gradient_is_complete, later_layers_first_and_never_where_it_is_fixed) {
  Threads threads(1);
  Parameter first = Counting("first"), second = Counting("second"), fixed = Counting("fixed");
  fixed.fixed = true;
  Tape tape(threads);
  const Var x = Linear(tape, Embedding(tape, tape.Use(first), std::vector<int32_t>{0, 1}), tape.Use(fixed));
  std::vector<std::string> told;
  tape.Backward(Sum(tape, Linear(tape, x, tape.Use(second))), [&](const Parameter& parameter) {
    told.push_back(parameter.name);
    EXPECT_EQ(first.grad[0] == 0, told.size() == 1) << "the first layer's backward has not run yet";
  });
  EXPECT_EQ(told, (std::vector<std::string>{"second", "first"}));
}

TEST(a_gradient_is_complete, once_where_a_parameter_is_read_twice) {
  Threads threads(1);
  Parameter table = Counting("table");
  std::vector<std::vector<Real>> told;
  Tape tape(threads);
  const Var x = Embedding(tape, tape.Use(table), std::vector<int32_t>{0, 1});
  const Var y = Linear(tape, Linear(tape, x, tape.Use(table)), tape.Use(table));
  tape.Backward(Sum(tape, y), [&](const Parameter& parameter) { told.push_back(GradientOf(parameter)); });
  EXPECT_EQ(told, (std::vector<std::vector<Real>>{GradientOf(table)}));
}

TEST(a_gradient_is_complete, where_none_reaches_it) {
  Threads threads(1);
  Parameter read = Counting("read"), aside = Counting("aside"), unread = Counting("unread");
  Tape tape(threads);
  const Var x = tape.Constant(read.value);
  Linear(tape, x, tape.Use(aside));  // what it gives is not part of the loss
  tape.Use(unread);
  std::vector<std::string> told;
  tape.Backward(Sum(tape, Linear(tape, x, tape.Use(read))),
                [&](const Parameter& parameter) { told.push_back(parameter.name); });
  EXPECT_EQ(told, (std::vector<std::string>{"read", "aside"}));
}

}  // namespace gradient_hook_test
}  // namespace eddy

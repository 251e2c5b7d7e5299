#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "optim/parameters.h"

namespace eddy {
namespace parameter_groups_test {

const std::vector<Shape> kShapes = {{3, 4}, {5}, {2, 6}};

class EveryRule : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, EveryRule, testing::Values("sgd", "adagrad", "rmsprop", "adam", "adamw"));

// The values after some steps, p0 and p1 of each optimizer being those of `parameters`.
std::vector<Real> AfterSteps(Parameters& parameters, Optimizer& optimizer, double rate) {
  for (uint64_t step = 0; step < 4; ++step) {
    parameters.RandomGrads(step);
    optimizer.Step(rate);
  }
  return parameters.Values();
}

TEST_P(EveryRule, a_group_is_updated_as_by_an_optimizer_of_its_own) {
  Threads threads;
  OptimizerOptions options{.name = GetParam(), .weight_decay = 0.1};
  Parameters together(kShapes), apart(kShapes);
  Optimizer groups = Optimizer::OfGroups(options, {{{&together[0], &together[1]}, 0.25}, {{&together[2]}, 2, 0.5}}, threads);
  Optimizer first(options, {&apart[0], &apart[1]}, threads);
  options.weight_decay = 0.5;
  Optimizer second(options, {&apart[2]}, threads);
  for (uint64_t step = 0; step < 4; ++step) {
    together.RandomGrads(step);
    apart.RandomGrads(step);
    groups.Step(0.5);
    first.Step(0.125);
    second.Step(1);
  }
  EXPECT_EQ(together.Values(), apart.Values());
  EXPECT_EQ(groups.slots().size(), first.slots().size() + second.slots().size());
}

TEST_P(EveryRule, one_group_is_a_list_of_parameters) {
  Threads threads;
  const OptimizerOptions options{.name = GetParam(), .weight_decay = 0.1};
  Parameters one(kShapes), other(kShapes);
  Optimizer list(options, one.pointers(), threads), group = Optimizer::OfGroups(options, {{other.pointers()}}, threads);
  EXPECT_EQ(AfterSteps(one, list, 0.1), AfterSteps(other, group, 0.1));
}

TEST_P(EveryRule, a_fixed_parameter_does_not_change_by_a_bit_and_may_be_trained_later) {
  Threads threads;
  Parameters parameters(kShapes);
  Optimizer optimizer({.name = GetParam(), .weight_decay = 0.1}, parameters.pointers(), threads);
  parameters[1].fixed = true;
  const Tensor before = parameters[1].value.Clone(), trained = parameters[0].value.Clone();
  AfterSteps(parameters, optimizer, 0.1);
  EXPECT_TRUE(std::equal(before.values().begin(), before.values().end(), parameters[1].value.data()));
  EXPECT_NE(trained[0], parameters[0].value[0]);
  parameters[1].fixed = false;
  AfterSteps(parameters, optimizer, 0.1);
  EXPECT_NE(before[0], parameters[1].value[0]);
}

TEST(a_fixed_parameter, counts_for_nothing_in_the_norm_of_gradients) {
  Threads threads;
  Parameters parameters(kShapes), without({kShapes[0], kShapes[1]});
  parameters.RandomGrads(3);
  without.RandomGrads(3);
  parameters[2].fixed = true;
  EXPECT_EQ(GlobalNorm(parameters.pointers(), threads), GlobalNorm(without.pointers(), threads));
}

TEST(groups, refuse_rates_out_of_range_and_parameters_that_come_twice) {
  Threads threads;
  Parameters p(kShapes);
  const auto make = [&](const std::vector<ParameterGroup>& groups) { Optimizer::OfGroups({}, groups, threads); };
  make({});
  EXPECT_THROW(make({{{&p[0]}, -1}}), Error);
  EXPECT_THROW(make({{{&p[0]}, std::nan("")}}), Error);
  EXPECT_THROW(make({{{&p[0]}, 1, -0.5}}), Error);
  EXPECT_THROW(make({{{&p[0]}, 1, std::numeric_limits<double>::infinity()}}), Error);
  EXPECT_THROW(make({{{&p[0], &p[1]}}, {{&p[0]}}}), Error);
  EXPECT_THROW(make({{{nullptr}}}), Error);
  EXPECT_THROW(Optimizer({}, {&p[0], &p[0]}, threads), Error);
}

TEST(a_parameter_of_another_shape, is_refused_by_all_that_go_over_parameters) {
  Threads threads;
  for (const bool of_value : {true, false}) {
    Parameters parameters(kShapes);
    const std::vector<Parameter*>& pointers = parameters.pointers();
    Optimizer optimizer({}, pointers, threads);
    WeightAverage average(0.9, pointers, threads);
    const Tensor before = parameters[0].value.Clone();
    parameters.RandomGrads(1);
    (of_value ? parameters[2].value : parameters[2].grad) = Tensor({99});
    EXPECT_THROW(optimizer.Step(0.1), Error);
    EXPECT_THROW(average.Update(), Error);
    EXPECT_THROW(average.Swap(), Error);
    EXPECT_THROW(ZeroGrad(pointers, threads), Error);
    EXPECT_THROW(GlobalNorm(pointers, threads), Error);
    EXPECT_THROW(ClipGlobalNorm(pointers, 1, threads), Error);
    EXPECT_THROW(ClipValue(pointers, 1, threads), Error);
    EXPECT_THROW(ClipAdaptive(pointers, 1, threads), Error);
    EXPECT_TRUE(std::equal(before.values().begin(), before.values().end(), parameters[0].value.data()));
    parameters[2] = Parameter("p2", Tensor({99}));  // of one shape, but not that of the optimizer's arrays
    EXPECT_THROW(optimizer.Step(0.1), Error);
    EXPECT_THROW(average.Update(), Error);
  }
}

TEST(an_optimizer, refuses_parameters_that_are_not_there) {
  Threads threads;
  Parameter empty;
  for (Parameter* parameter : {static_cast<Parameter*>(nullptr), &empty}) {
    EXPECT_THROW(Optimizer({}, {parameter}, threads), Error);
    EXPECT_THROW(WeightAverage(0.5, {parameter}, threads), Error);
    EXPECT_THROW(ZeroGrad(std::vector<Parameter*>{parameter}, threads), Error);
  }
  Parameters parameters(kShapes);
  EXPECT_THROW(Optimizer({}, parameters.pointers(), threads).set_steps(-1), Error);
}

}  // namespace parameter_groups_test
}  // namespace eddy

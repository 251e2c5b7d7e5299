#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "eddy/error.h"
#include "eddy/optim.h"
#include "optim/parameters.h"

namespace eddy {
namespace optimizer_test {

using Json = nlohmann::json;

Json Goldens() {
  std::ifstream file(EDDY_SOURCE_DIR "/tests/goldens/optimizers.json");
  return Json::parse(file);
}

OptimizerOptions OptionsOf(const Json& golden) {
  const Json& given = golden["options"];
  OptimizerOptions options;
  options.name = golden["name"];
  options.momentum = given.value("momentum", options.momentum);
  options.nesterov = given.value("nesterov", options.nesterov);
  options.beta1 = given.value("beta1", options.beta1);
  options.beta2 = given.value("beta2", options.beta2);
  options.alpha = given.value("alpha", options.alpha);
  options.epsilon = given.value("epsilon", options.epsilon);
  options.weight_decay = given.value("weight_decay", options.weight_decay);
  return options;
}

void SetGrad(Parameter& parameter, const Json& grad) {
  for (size_t i = 0; i < parameter.grad.size(); ++i) parameter.grad[i] = grad[i].get<Real>();
}

TEST(optimizers, are_those_of_pytorch_step_by_step) {
  const Json goldens = Goldens();
  const auto shape = goldens["shape"].get<std::vector<size_t>>();
  ASSERT_FALSE(goldens["cases"].empty());
  for (const Json& golden : goldens["cases"]) {
    SCOPED_TRACE(golden["name"].get<std::string>() + " " + golden["options"].dump());
    Parameter parameter("w", Tensor::From({shape[0], shape[1]}, goldens["start"].get<std::vector<Real>>()));
    Threads threads;
    Optimizer optimizer(OptionsOf(golden), {&parameter}, threads);
    for (size_t step = 0; step < goldens["rates"].size(); ++step) {
      SetGrad(parameter, goldens["grads"][step]);
      optimizer.Step(goldens["rates"][step]);
      for (size_t i = 0; i < parameter.value.size(); ++i) {
        const double expected = golden["values"][step][i];
        ASSERT_NEAR(parameter.value[i], expected, 1e-6 * std::fabs(expected)) << "step " << step << ", element " << i;
      }
    }
    EXPECT_EQ(optimizer.steps(), static_cast<int64_t>(goldens["rates"].size()));
  }
}

class EveryOptimizer : public testing::TestWithParam<Json> {};
INSTANTIATE_TEST_SUITE_P(Case, EveryOptimizer, testing::ValuesIn(Goldens()["cases"].get<std::vector<Json>>()),
                         [](const auto& info) {
                           return info.param["name"].template get<std::string>() + std::to_string(info.index);
                         });

TEST_P(EveryOptimizer, gives_the_same_bits_for_any_number_of_threads) {
  const auto train = [](int thread_count) {
    Threads threads(thread_count, Threads::Share::kAlways);
    Parameters parameters({{300, 211}, {7}});
    Optimizer optimizer(OptionsOf(GetParam()), parameters.pointers(), threads);
    for (uint64_t step = 0; step < 3; ++step) {
      parameters.RandomGrads(step);
      optimizer.Step(0.01);
    }
    return parameters.Values();
  };
  const std::vector<Real> one = train(1);
  for (int threads : {2, 3, 7}) EXPECT_EQ(one, train(threads));
}

TEST_P(EveryOptimizer, restored_from_its_slots_goes_on_as_if_never_stopped) {
  Threads threads;
  const auto step = [](Optimizer& optimizer, Parameters& parameters, uint64_t seed) {
    parameters.RandomGrads(seed);
    optimizer.Step(0.01);
  };
  Parameters whole({{3, 5}, {5}}), parts({{3, 5}, {5}});
  Optimizer never_stopped(OptionsOf(GetParam()), whole.pointers(), threads);
  for (uint64_t i = 0; i < 6; ++i) step(never_stopped, whole, i);

  Optimizer before(OptionsOf(GetParam()), parts.pointers(), threads);
  for (uint64_t i = 0; i < 3; ++i) step(before, parts, i);
  Optimizer after(OptionsOf(GetParam()), parts.pointers(), threads);
  const auto from = before.slots(), to = after.slots();
  ASSERT_EQ(from.size(), to.size());
  for (size_t i = 0; i < from.size(); ++i) {
    EXPECT_EQ(from[i].first, to[i].first);
    std::copy_n(from[i].second.data(), from[i].second.size(), to[i].second.data());
  }
  after.set_steps(before.steps());
  for (uint64_t i = 3; i < 6; ++i) step(after, parts, i);
  EXPECT_EQ(whole.Values(), parts.Values());
}

TEST(optimizers, name_their_slots_after_the_parameter) {
  Threads threads;
  Parameters parameters({Shape{2, 2}});
  Optimizer optimizer({}, parameters.pointers(), threads);
  const auto slots = optimizer.slots();
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots[0].first, "p0.exp_avg");
  EXPECT_EQ(slots[1].first, "p0.exp_avg_sq");
  EXPECT_EQ(slots[1].second.shape(), (Shape{2, 2}));
}

TEST(optimizers, adamw_decays_arrays_of_rank_2_and_not_of_rank_1) {
  Threads threads;
  Parameters parameters({{2, 2}, {2}});
  const std::vector<Real> before = parameters.Values();
  OptimizerOptions options;
  options.weight_decay = 0.5;
  Optimizer(options, parameters.pointers(), threads).Step(0.1);  // with gradients 0
  const std::vector<Real> after = parameters.Values();
  for (size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(after[i], before[i] * 0.95f);
  for (size_t i = 4; i < 6; ++i) EXPECT_EQ(after[i], before[i]);
}

TEST(optimizers, refuse_options_out_of_range_and_name_the_nearest) {
  Threads threads;
  const auto message = [&](OptimizerOptions options) -> std::string {
    try {
      Optimizer optimizer(options, {}, threads);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message({.name = "Adma"}),
            "optimizer: name must be one of sgd, adagrad, rmsprop, adam, adamw, but is Adma (did you mean adam?)");
  EXPECT_EQ(message({.name = "lion"}), "optimizer: name must be one of sgd, adagrad, rmsprop, adam, adamw, but is lion");
  EXPECT_EQ(message({.name = "adam", .momentum = 0.5}), "optimizer: momentum must be 0 with adam, but is 0.500000");
  EXPECT_NE(message({.name = "rmsprop", .momentum = 0.5, .nesterov = true}), "no error");
  EXPECT_NE(message({.name = "sgd", .nesterov = true}), "no error");
  EXPECT_NE(message({.name = "sgd", .momentum = 1}), "no error");
  EXPECT_NE(message({.beta1 = 1}), "no error");
  EXPECT_NE(message({.beta2 = -0.1}), "no error");
  EXPECT_NE(message({.epsilon = -1}), "no error");
  EXPECT_NE(message({.weight_decay = std::nan("")}), "no error");
  Optimizer optimizer({}, {}, threads);
  for (double rate : {-1., std::nan(""), HUGE_VAL}) EXPECT_THROW(optimizer.Step(rate), Error);
}

}  // namespace optimizer_test
}  // namespace eddy

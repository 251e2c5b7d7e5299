#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace eddy {
namespace bench_command_test {

class BenchCommandTest : public ProgramTest {
 protected:
  // A layer that takes no time.
  std::vector<std::string> Plan(std::vector<std::string> more = {}) {
    std::vector<std::string> command = {"bench", "plan", "--steps", "3", "--batch", "2", "--input", "4", "--hidden", "5"};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
};

TEST_F(BenchCommandTest, the_plan_comes_with_its_time_predicted_and_measured) {
  const ProgramOutcome outcome = Run(Plan());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const char* words : {"lstm: 3 steps x 2 rows x 4 inputs x 5 units",
                            "Plan:", "Limits of a core:", "recurrent products", "predicted", "measured"}) {
    EXPECT_NE(outcome.out.find(words), std::string::npos) << words << " in\n" << outcome.out;
  }
}

TEST_F(BenchCommandTest, json_has_the_parts_of_both_predictions) {
  const ProgramOutcome outcome =
      Run(Plan({"--json", "--cell", "gru_reset_before", "--precision", "bf16", "--threads", "2"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["verb"], "bench");
  EXPECT_EQ(json["cell"], "gru_reset_before");
  EXPECT_EQ(json["split"], "none") << "a layer so small is not shared";
  for (const char* mode : {"inference", "training"}) {
    double sum = 0;
    for (const auto& part : json[mode]["parts"]) sum += part.get<double>();
    EXPECT_NEAR(json[mode]["predicted"].get<double>(), sum, 1e-9);
    EXPECT_GT(json[mode]["measured"].get<double>(), 0);
  }
}

TEST_F(BenchCommandTest, int8_is_not_trained) {
  const ProgramOutcome outcome = Run(Plan({"--json", "--precision", "int8"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_FALSE(nlohmann::json::parse(outcome.out).contains("training"));
}

TEST_F(BenchCommandTest, sizes_that_cannot_be_meant_are_refused_in_one_line) {
  ExpectError(Run({"bench", "plan", "--hidden", "0"}), 2, "--hidden");
  ExpectError(Run({"bench", "plan", "--cell", "lstmm"}), 2, "lstm");
  ExpectError(Run({"bench", "plan", "--hidden", "1000000", "--batch", "1000000"}), 1, "within 16 GiB");
}

// 10 Gbit/s and 20 microseconds: of a million weights, two machines send half the gradient each way, and two short messages.
TEST_F(BenchCommandTest, reduce_plans_for_a_network_that_it_is_told) {
  const ProgramOutcome outcome =
      Run({"bench", "reduce", "--weights", "1000000", "--latency", "20", "--bandwidth", "10", "--step", "100", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_FALSE(json.contains("exchanges"));
  const auto& two = json["plan"][0];
  EXPECT_EQ(two["machines"], 2);
  const double bytes = 2 * 2e6 / 1.25e9, messages = (2 + 2) * 20e-6, sharing = bytes + messages;
  EXPECT_NEAR(two["sharing_seconds"].get<double>(), sharing, 1e-6);
  EXPECT_NEAR(two["speed_of_one_batch"].get<double>(), 0.1 / (0.05 + sharing), 1e-4);
  EXPECT_NEAR(two["speed_of_as_many"].get<double>(), 2 * 0.1 / (0.1 + sharing), 1e-4);
  EXPECT_NEAR(two["least_step_seconds"].get<double>(), 9 * sharing, 1e-5);
  const auto half = nlohmann::json::parse(
      Run({"bench", "reduce", "--latency", "20", "--bandwidth", "10", "--exchange", "bf16", "--json"}).out);
  EXPECT_NEAR(half["plan"][0]["sharing_seconds"].get<double>(), bytes / 2 + messages, 1e-6);
  EXPECT_FALSE(half["plan"][0].contains("speed_of_one_batch"));
}

TEST_F(BenchCommandTest, reduce_says_what_it_needs) {
  ExpectError(Run({"bench", "reduce"}), 2, "mpirun -n 2 eddy bench reduce");
  ExpectError(Run({"bench", "reduce", "--latency", "20"}), 2, "--bandwidth");
  ExpectError(Run({"bench", "reduce", "--latency", "0", "--bandwidth", "1"}), 2, "--latency");
}

}  // namespace bench_command_test
}  // namespace eddy

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace eddy {
namespace {

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

}  // namespace
}  // namespace eddy

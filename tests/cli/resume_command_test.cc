#include <random>

#include "cli/program.h"
#include "train/checkpoint.h"

namespace eddy {
namespace resume_command_test {

constexpr int kSteps = 6000;  // about half a second

class Resume : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text;
    for (int i = 0; i < 3000; ++i) text += std::to_string(i * 7919 % 1000) + (i % 9 == 0 ? "\n" : " ");
    WriteAll(Path("numbers.txt"), text);
  }

  std::vector<std::string> Train(const std::string& model, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train",
                                          "text",
                                          "numbers.txt",
                                          "-o",
                                          model,
                                          "--hidden",
                                          "16",
                                          "--embedding",
                                          "8",
                                          "--batch",
                                          "4",
                                          "--unroll",
                                          "8,12",
                                          "--steps",
                                          std::to_string(kSteps),
                                          "--threads",
                                          "1",
                                          "--patience",
                                          "0",
                                          "--validations",
                                          "3",
                                          "--checkpoint-seconds",
                                          "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  void WaitForCheckpoint(const std::string& model) const {
    for (int i = 0; i < 2000 && !HasCheckpoint(CheckpointPath(Path(model))); ++i) Sleep(0.005);
  }
};

TEST_F(Resume, a_run_stopped_by_a_signal_goes_on_as_if_never_stopped) {
  ASSERT_EQ(Run(Train("whole.eddy")).code, 0);
  for (int signal : {SIGINT, SIGTERM}) {
    std::filesystem::remove(Path("parts.eddy"));
    const pid_t child = Start(Train("parts.eddy"));
    WaitForCheckpoint("parts.eddy");
    Sleep(0.05);
    kill(child, signal);
    const ProgramOutcome stopped = Wait(child);
    ASSERT_EQ(stopped.code, 128 + signal) << stopped.err;
    EXPECT_NE(stopped.err.find("--resume"), std::string::npos) << stopped.err;
    EXPECT_FALSE(std::filesystem::exists(Path("parts.eddy")));

    const ProgramOutcome resumed = Run(Train("parts.eddy", {"--resume"}));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_NE(resumed.err.find("Going on from"), std::string::npos) << resumed.err;
    EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
  }
}

TEST_F(Resume, killed_at_fifty_moments_it_leaves_a_whole_checkpoint_each_time) {
  ASSERT_EQ(Run(Train("whole.eddy")).code, 0);
  std::mt19937 random(1);
  std::uniform_real_distribution<double> seconds(0, 0.1);
  for (int i = 0; i < 50; ++i) {
    const pid_t child = Start(Train("killed.eddy", {"--resume"}));
    Sleep(seconds(random));
    kill(child, SIGKILL);
    Wait(child);
    const std::string checkpoint = CheckpointPath(Path("killed.eddy"));
    if (!HasCheckpoint(checkpoint)) continue;
    EXPECT_NO_THROW(LoadCheckpoint(checkpoint)) << "after kill " << i;
  }
  const ProgramOutcome outcome = Run(Train("killed.eddy", {"--resume"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(ReadAll(Path("killed.eddy")), ReadAll(Path("whole.eddy")));
}

TEST_F(Resume, without_a_checkpoint_it_starts_from_the_beginning_and_says_so) {
  const ProgramOutcome outcome = Run(Train("new.eddy", {"--resume"}));
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.err.find("starting from the beginning"), std::string::npos) << outcome.err;
}

TEST_F(Resume, a_checkpoint_of_other_options_or_a_broken_one_is_refused) {
  const pid_t child = Start(Train("m.eddy"));
  WaitForCheckpoint("m.eddy");
  kill(child, SIGKILL);
  Wait(child);
  const auto resume_error = [&](const std::vector<std::string>& more, const std::string& part) {
    const ProgramOutcome outcome = Run(Train("m.eddy", more));
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
  };
  resume_error({"--resume", "--cell", "gru"}, "cell");
  WriteAll(CheckpointPath(Path("m.eddy")), "not a checkpoint");
  resume_error({"--resume"}, "m.eddy.checkpoint");
}

}  // namespace resume_command_test
}  // namespace eddy

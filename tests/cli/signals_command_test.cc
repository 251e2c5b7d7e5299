// Signals, and what else of the system reaches a run, in every phase of it.
#include <sys/stat.h>

#include <cstdlib>

#include "cli/program.h"
#include "train/checkpoint.h"

namespace eddy {
namespace signals_command_test {

class Signals : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string text;
    for (int i = 0; i < 400'000; ++i) text += std::to_string(i % 1000 * 7919 % 1000) + (i % 9 == 0 ? "\n" : " ");
    WriteAll(Path("long.txt"), text);
    WriteAll(Path("short.txt"), text.substr(0, 20'000));
  }

  void WaitFor(const std::string& words) const {
    for (int i = 0; i < 20'000 && ReadAll(Path("stderr")).find(words) == std::string::npos; ++i) Sleep(0.005);
  }

  // The program by a shell, in the test's directory, with what the shell sets before and after it.
  int Shell(const std::string& before, const std::string& arguments, const std::string& after) const {
    const std::string program = EDDY_BINARY_DIR "/eddy";
    const int status =
        std::system(("cd " + directory_ + " && ( " + before + " " + program + " " + arguments + " ) " + after).c_str());
    return WEXITSTATUS(status);
  }
};

const std::string kSmallRun = "train text short.txt --hidden 16 --steps 20 -o m.eddy";

TEST_F(Signals, one_in_the_middle_of_a_long_step_ends_it_there) {
  for (int signal : {SIGINT, SIGTERM}) {
    const std::string model = std::to_string(signal) + ".eddy";
    const pid_t child = Start({"train", "text", "long.txt", "-o", model, "--hidden", "512", "--batch", "64", "--unroll",
                               "256", "--steps", "5", "--threads", "1"});
    for (int i = 0; i < 20'000 && !HasCheckpoint(CheckpointPath(Path(model))); ++i) Sleep(0.005);
    Sleep(0.1);
    kill(child, signal);
    const ProgramOutcome stopped = Wait(child);
    EXPECT_EQ(stopped.code, 128 + signal) << stopped.err;
    EXPECT_NE(stopped.err.find("Stopped after step 0. The same command with --resume goes on"), std::string::npos)
        << stopped.err;
    EXPECT_TRUE(HasCheckpoint(CheckpointPath(Path(model))));
  }
}

TEST_F(Signals, one_while_all_that_is_held_out_is_measured_ends_that_and_the_checkpoint_stays) {
  const std::vector<std::string> arguments = {"train", "text",          "long.txt", "-o",      "m.eddy", "--hidden",
                                              "256",   "--steps",       "1",        "--valid", "0.5",    "--batch",
                                              "2",     "--validations", "1"};
  const pid_t child = Start(arguments);
  WaitFor("1 step in");
  kill(child, SIGTERM);
  const ProgramOutcome stopped = Wait(child);
  EXPECT_EQ(stopped.code, 128 + SIGTERM) << stopped.err;
  EXPECT_FALSE(std::filesystem::exists(Path("m.eddy")));
  EXPECT_TRUE(HasCheckpoint(CheckpointPath(Path("m.eddy"))));
}

TEST_F(Signals, one_while_it_waits_for_its_input_ends_it) {
  ASSERT_EQ(mkfifo(Path("never").c_str(), 0600), 0);
  const pid_t child = Start({"train", "text", "never", "-o", "m.eddy"});
  Sleep(0.1);
  kill(child, SIGTERM);
  EXPECT_EQ(Wait(child).code, 128 + SIGTERM);
}

TEST_F(Signals, progress_that_nobody_can_read_does_not_end_a_run) {
  for (const char* nowhere : {"2>&-", "2> /dev/full", "2>&1 >/dev/null | true"}) {
    std::filesystem::remove(Path("m.eddy"));
    Shell("", kSmallRun, std::string(nowhere) + "; true");
    EXPECT_TRUE(std::filesystem::exists(Path("m.eddy"))) << nowhere;
  }
}

TEST_F(Signals, results_that_cannot_be_written_are_an_error) {
  EXPECT_EQ(Shell("", kSmallRun, "> /dev/full 2> err"), 1);
  EXPECT_NE(ReadAll(Path("err")).find("standard output"), std::string::npos);
}

TEST_F(Signals, a_file_that_may_not_grow_so_large_is_an_error_that_leaves_no_part_of_it) {
  EXPECT_EQ(Shell("ulimit -f 4;", kSmallRun + " --quiet", "2> err"), 1);
  EXPECT_NE(ReadAll(Path("err")).find("File too large"), std::string::npos) << ReadAll(Path("err"));
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    EXPECT_EQ(entry.path().filename().string().find(".part-"), std::string::npos) << entry.path();
  }
}

}  // namespace signals_command_test
}  // namespace eddy

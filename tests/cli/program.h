// Runs the built program as a user would.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "train/checkpoint.h"

namespace eddy {

inline std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteAll(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

inline void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

struct ProgramOutcome {
  int code = 0;  // 128 + N when signal N killed it
  std::string out, err;
};

// A directory of its own for a test, and the program running in it.
class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "eddy-cli-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  // Starts it; standard output goes to `out`, a path, when that is not empty.
  pid_t Start(const std::vector<std::string>& arguments, const std::string& out = {}) const {
    const std::string out_path = out.empty() ? Path("stdout") : out, err_path = Path("stderr");
    std::vector<char*> argv = {const_cast<char*>("eddy")};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child != 0) return child;
    dup2(open(out_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(err_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    if (chdir(directory_.c_str()) == 0) execv(EDDY_BINARY_DIR "/eddy", argv.data());
    _exit(127);
  }

  ProgramOutcome Wait(pid_t child) const {
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return {code, ReadAll(Path("stdout")), ReadAll(Path("stderr"))};
  }

  ProgramOutcome Run(const std::vector<std::string>& arguments, const std::string& out = {}) const {
    return Wait(Start(arguments, out));
  }

  // What every error must look like: one line, and nothing on standard output.
  void ExpectError(const ProgramOutcome& outcome, int code, const std::string& part) const {
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("eddy: ")) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
  }

  // A run that a signal stops goes on, by words(model, /*resume=*/true), to the bytes of one that was never stopped.
  template <class Words>
  void ExpectResumedAsNeverStopped(const Words& words) const {
    ASSERT_EQ(Run(words("whole.eddy", false)).code, 0);
    const pid_t child = Start(words("parts.eddy", false));
    for (int i = 0; i < 2000 && !HasCheckpoint(CheckpointPath(Path("parts.eddy"))); ++i) Sleep(0.001);
    kill(child, SIGTERM);
    const ProgramOutcome stopped = Wait(child);
    ASSERT_EQ(stopped.code, 128 + SIGTERM) << stopped.err;
    ASSERT_FALSE(std::filesystem::exists(Path("parts.eddy")));
    const ProgramOutcome resumed = Run(words("parts.eddy", true));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(ReadAll(Path("parts.eddy")), ReadAll(Path("whole.eddy")));
  }

  std::string directory_;
};

}  // namespace eddy

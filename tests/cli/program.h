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

namespace eddy {

inline std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteAll(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

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

  std::string directory_;
};

inline void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

}  // namespace eddy

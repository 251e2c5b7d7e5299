#include "model/atomic_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "model/temporary_directory.h"

namespace eddy {
namespace atomic_file_test {

void WriteAll(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.Write(bytes);
  file.Commit();
}

// Runs `body` in a child and returns its exit status, or -1 when a signal ended it.
template <class Body>
int InChild(const Body& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(AtomicFile, replaces_the_content_and_leaves_nothing_else) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  WriteAll(directory / "a", "two");
  EXPECT_EQ(ReadText(directory / "a"), "two");
  EXPECT_EQ(directory.FileCount(), 1u);
}

TEST(AtomicFile, without_commit_the_old_file_stays) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  { AtomicFile(directory / "a").Write("two"); }
  EXPECT_EQ(ReadText(directory / "a"), "one");
  EXPECT_EQ(directory.FileCount(), 1u);
}

TEST(AtomicFile, a_relative_name_is_written_in_the_current_directory) {
  const TemporaryDirectory directory;
  const int status = InChild([&] {
    if (chdir((directory / "").c_str()) != 0) return 1;
    WriteAll("a", "one");
    return 0;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadText(directory / "a"), "one");
}

TEST(AtomicFile, keeps_the_permissions_of_the_file_it_replaces) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  chmod((directory / "a").c_str(), 0600);
  WriteAll(directory / "a", "two");
  struct stat info;
  ASSERT_EQ(stat((directory / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(AtomicFile, follows_a_symbolic_link) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  std::filesystem::create_symlink(directory / "a", directory / "link");
  WriteAll(directory / "link", "two");
  EXPECT_TRUE(std::filesystem::is_symlink(directory / "link"));
  EXPECT_EQ(ReadText(directory / "a"), "two");
}

TEST(AtomicFile, what_a_killed_process_left_behind_is_removed_by_the_next_write) {
  const TemporaryDirectory directory;
  EXPECT_EQ(InChild([&] {
              AtomicFile file(directory / "a");
              file.Write("half");
              return raise(SIGKILL);
            }),
            -1);
  EXPECT_EQ(directory.FileCount(), 1u);
  EXPECT_FALSE(std::filesystem::exists(directory / "a"));
  WriteAll(directory / "a", "whole");
  EXPECT_EQ(directory.FileCount(), 1u);
  EXPECT_EQ(ReadText(directory / "a"), "whole");
}

TEST(AtomicFile, a_temporary_that_is_being_written_is_left_alone) {
  const TemporaryDirectory directory;
  AtomicFile first(directory / "a");
  first.Write("first");
  WriteAll(directory / "a", "second");
  first.Commit();
  EXPECT_EQ(ReadText(directory / "a"), "first");
  EXPECT_EQ(directory.FileCount(), 1u);
}

TEST(AtomicFile, a_disk_that_fills_is_an_error_and_leaves_the_old_file) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  const int status = InChild([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = ErrorOf([&] { WriteAll(directory / "a", std::string(5000, 'x')); });
    return message.find("File too large") != std::string::npos ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadText(directory / "a"), "one");
  EXPECT_EQ(directory.FileCount(), 1u);
}

TEST(AtomicFile, bad_paths_are_errors) {
  const TemporaryDirectory directory;
  EXPECT_ERROR(AtomicFile(directory / "missing/a"), "No such file or directory");
  EXPECT_ERROR(AtomicFile(directory / ""), "a directory");
  EXPECT_ERROR(AtomicFile(""), "empty");
  EXPECT_ERROR(AtomicFile("/dev/full"), "a regular file");
  EXPECT_ERROR(AtomicFile(directory / std::string(300, 'x')), "File name too long");
  WriteAll(directory / "a", "one");
  EXPECT_ERROR(AtomicFile(directory / "a/b"), "Not a directory");
  std::filesystem::create_symlink(directory / "nowhere", directory / "dangling");
  EXPECT_ERROR(AtomicFile(directory / "dangling"), "No such file or directory");
}

TEST(AtomicFile, what_may_not_be_written_is_an_error) {
  const TemporaryDirectory directory;
  WriteAll(directory / "a", "one");
  std::filesystem::create_directory(directory / "closed");
  const int status = InChild([&] {
    // To the superuser everything is writable: become nobody, to whom the files still belong.
    if (geteuid() == 0) {
      for (const char* name : {"", "a", "closed"}) {
        if (chown((directory / name).c_str(), 65534, 65534) != 0) return 2;
      }
      if (setgid(65534) != 0 || setuid(65534) != 0) return 2;
    }
    chmod((directory / "a").c_str(), 0400);
    chmod((directory / "closed").c_str(), 0500);
    const auto denied = [](const std::string& path) {
      return ErrorOf([&] { WriteAll(path, "two"); }).find("Permission denied") != std::string::npos;
    };
    return denied(directory / "a") && denied(directory / "closed/a") ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadText(directory / "a"), "one");
}

}  // namespace atomic_file_test
}  // namespace eddy

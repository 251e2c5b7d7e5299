#include "model/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "eddy/error.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr int kMostWriters = 100;  // of one path at a time

fs::path DirectoryOf(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

// Whoever holds the lock of a temporary owns it; the kernel drops the lock when its process ends, however that is.
bool Lock(int file) { return flock(file, LOCK_EX | LOCK_NB) == 0; }

// Whether the name still leads to the open file: a cleaner may have removed it between our open and our lock.
bool StillNamed(int file) {
  struct stat info;
  return fstat(file, &info) == 0 && info.st_nlink > 0;
}

void RemoveLeftovers(const std::string& target) {
  const std::string prefix = fs::path(target).filename().string() + std::string(kTemporarySuffix);
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator it(DirectoryOf(target), error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().starts_with(prefix)) leftovers.push_back(it->path());
  }
  for (const fs::path& path : leftovers) {
    const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) continue;
    if (Lock(file)) unlink(path.c_str());
    close(file);
  }
}

// A rename is lasting only once the directory is synced. Some file systems cannot, and then it is as lasting as it gets.
void SyncDirectory(const std::string& target) {
  const int directory = open(DirectoryOf(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(path) {
  Require(!path.empty(), "write", "the path", "a file's", "empty");
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    const fs::path followed = fs::canonical(path, error);
    if (error) FailWith(error.value());
    target_ = followed.string();
  }
  struct stat old;
  const bool exists = stat(target_.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    Fail("write", path_, "a regular file", S_ISDIR(old.st_mode) ? "a directory" : "something else");
  }
  if (exists && access(target_.c_str(), W_OK) != 0) FailWith(errno);

  RemoveLeftovers(target_);
  for (int i = 0; file_ < 0; ++i) {
    const std::string name = target_ + std::string(kTemporarySuffix) + std::to_string(i);
    const int file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && (errno != EEXIST || i == kMostWriters)) FailWith(errno);
    if (file < 0) continue;
    if (!Lock(file) || !StillNamed(file)) {
      close(file);
      continue;
    }
    file_ = file;
    temporary_ = name;
  }
  if (exists) fchmod(file_, old.st_mode & 0777);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  if (file_ >= 0) close(file_);
}

void AtomicFile::FailWith(int error) const { Fail("write", path_, "writable", std::strerror(error)); }

void AtomicFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) FailWith(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void AtomicFile::Commit() {
  if (fsync(file_) != 0) FailWith(errno);
  if (rename(temporary_.c_str(), target_.c_str()) != 0) FailWith(errno);
  temporary_.clear();
  SyncDirectory(target_);
}

}  // namespace eddy

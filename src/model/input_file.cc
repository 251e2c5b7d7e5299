#include "model/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "eddy/error.h"

namespace eddy {

InputFile::InputFile(const std::string& path, const std::string& expected) : path_(path), expected_(expected) {
  // A pipe would wait for its writer if it were opened to block.
  file_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file_ < 0) Fail("read", path, expected, std::strerror(errno));
  struct stat info;
  const bool known = fstat(file_, &info) == 0;
  if (!known || !S_ISREG(info.st_mode)) {
    close(file_);  // a constructor that throws has no destructor
    Fail("read", path, expected, known && S_ISDIR(info.st_mode) ? "a directory" : "not a regular file");
  }
  size_ = static_cast<uint64_t>(info.st_size);
}

InputFile::~InputFile() { close(file_); }

void InputFile::Read(uint64_t offset, void* to, size_t bytes) const {
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = pread(file_, static_cast<char*>(to) + done, bytes - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) Fail("read", path_, expected_, std::string("not readable: ") + std::strerror(errno));
    if (got == 0) Fail("read", path_, expected_, "cut short while it was read");
    done += static_cast<size_t>(got);
  }
}

}  // namespace eddy

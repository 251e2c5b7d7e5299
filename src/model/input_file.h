// A regular file opened for reading at any offset. Reads copy: a file that another program cuts short meanwhile is an Error,
// where a mapping would be a bus error.
#pragma once

#include <cstdint>
#include <string>

namespace eddy {

class InputFile {
 public:
  // Throws Error when there is no such file, it cannot be read, or it is a directory, pipe or device. `expected` says in
  // errors what the path should have been, such as "a model".
  InputFile(const std::string& path, const std::string& expected);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  uint64_t size() const { return size_; }
  void Read(uint64_t offset, void* to, size_t bytes) const;  // all of them or Error

 private:
  std::string path_;
  std::string expected_;
  uint64_t size_ = 0;
  int file_ = -1;
};

}  // namespace eddy

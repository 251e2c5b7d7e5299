#include "data/read_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "eddy/error.h"

namespace eddy {
namespace {

[[noreturn]] void FailToRead(const std::string& path, int error) {
  if (error == ENOENT) Fail("read", path, "an existing file", "missing");
  if (error == EISDIR) Fail("read", path, "a file", "a directory");
  Fail("read", path, "a readable file", "not (" + std::generic_category().message(error) + ")");
}

}  // namespace

std::string ReadFile(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) FailToRead(path, errno);

  // In pieces, since the size of a pipe is not known and that of a file may change.
  constexpr size_t kPiece = size_t{1} << 20;
  std::string bytes;
  for (size_t got = kPiece; got == kPiece;) {
    const size_t size = bytes.size();
    bytes.resize(size + kPiece);
    errno = 0;
    got = std::fread(bytes.data() + size, 1, kPiece, file.get());
    if (std::ferror(file.get())) FailToRead(path, errno);
    bytes.resize(size + got);
    Require(bytes.size() <= kMostFileBytes, "read", path, "a file of at most 1 GiB", "larger");
  }
  bytes.shrink_to_fit();  // many small files may be kept
  Require(!bytes.empty(), "read", path, "a file with something in it", "empty");
  return bytes;
}

}  // namespace eddy

#include "data/read_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
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
  constexpr size_t kPiece = size_t{1} << 16;
  std::string bytes;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) FailToRead(path, errno);

  // At once where the size is known; in pieces from there on, since a pipe has none and a file may grow.
  std::error_code error;
  const auto told = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
  if (!error) bytes.reserve(std::min<size_t>(told, kMostFileBytes));
  std::array<char, kPiece> piece;
  for (size_t got = kPiece; got == kPiece;) {
    errno = 0;
    got = std::fread(piece.data(), 1, kPiece, file.get());
    if (std::ferror(file.get())) FailToRead(path, errno);
    bytes.append(piece.data(), got);
    Require(bytes.size() <= kMostFileBytes, "read", path, "a file of at most 1 GiB", "larger");
  }
  bytes.shrink_to_fit();  // many small files may be kept
  Require(!bytes.empty(), "read", path, "a file with something in it", "empty");
  return bytes;
}

std::string ReadBytes(const Data& data) {
  if (!data.in_memory()) return ReadFile(data.name());
  Require(!data.contents().empty(), "read", data.name(), "data with something in them", "empty");
  Require(data.contents().size() <= kMostFileBytes, "read", data.name(), "at most 1 GiB", "larger");
  return std::string(data.contents());
}

}  // namespace eddy

#include "data/long_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "data/digest.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostTail = 3;  // bytes of a character behind its first

size_t BytesAfter(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  return byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
}

bool IsTail(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// Bytes from `at` on that belong to a character which begins before it. What is no UTF-8 may give anything: it is found out
// where the character begins.
size_t Straddling(std::string_view bytes, size_t at) {
  for (size_t back = 1; back <= std::min(kMostTail, at); ++back) {
    const char byte = bytes[at - back];
    if (IsTail(byte)) continue;
    const size_t after = BytesAfter(byte) + 1;
    return std::min(after > back ? after - back : 0, bytes.size() - at);
  }
  return 0;
}

size_t CharactersIn(std::string_view valid) {
  return static_cast<size_t>(std::count_if(valid.begin(), valid.end(), [](char byte) { return !IsTail(byte); }));
}

}  // namespace

LongText::LongText(const std::vector<Data>& files, TextUnit unit) : unit_(unit) {
  Require(unit != TextUnit::kWords, "read", "a text by its blocks", "one of characters or bytes", "of words");
  Require(!files.empty(), "read", "text files", "at least one", "none");
  files_.reserve(files.size());
  for (const Data& data : files) Open(data);
  Require(bytes_ > 0, "read", name(), "a file with something in it", "empty");
}

LongText::~LongText() {
  for (const File& file : files_) close(file.descriptor);
}

void LongText::Open(const Data& data) {
  File& file = files_.emplace_back();
  file.name = data.name();
  file.descriptor = open(file.name.c_str(), O_RDONLY | O_CLOEXEC);
  Require(file.descriptor >= 0, "read", file.name, "a readable file", std::string("not (") + std::strerror(errno) + ")");
  file.size = std::filesystem::file_size(file.name);
  file.before = bytes_;
  if (unit_ != TextUnit::kBytes && file.size >= kByteOrderMark.size()) {
    std::string head(kByteOrderMark.size(), '\0');
    const bool read = pread(file.descriptor, head.data(), head.size(), 0) == static_cast<ssize_t>(head.size());
    if (read && head == kByteOrderMark) file.begin = head.size();
  }
  file.size -= file.begin;
  bytes_ += file.size;
}

LongText::Block LongText::LookAt(size_t block) const {
  const Span span = ReadSpan(block);
  const std::string_view own = std::string_view(span.bytes).substr(span.begin, span.size);
  if (unit_ == TextUnit::kBytes) return {HashOfPiece(own), own.size()};
  const std::string characters = CharactersOf(span);
  const size_t wrong = std::min(InvalidUtf8(characters), characters.find('\0'));
  if (wrong < characters.size()) FailAsNoText(block, characters, wrong);
  return {HashOfPiece(own), CharactersIn(characters)};
}

void LongText::Know(const std::vector<Block>& seen) {
  Require(seen.size() == blocks(), "read", name(), fmt::format("of {} blocks", blocks()), std::to_string(seen.size()));
  before_.assign(1, 0);
  hashes_.clear();
  for (const Block& block : seen) {
    hashes_.push_back(block.hash);
    before_.push_back(before_.back() + block.tokens);
  }
}

size_t LongText::BlockOf(size_t token) const {
  return static_cast<size_t>(std::upper_bound(before_.begin(), before_.end(), token) - before_.begin()) - 1;
}

std::string LongText::hash() const {
  return DigestOf({reinterpret_cast<const char*>(hashes_.data()), hashes_.size() * sizeof(hashes_[0])});
}

std::string LongText::Read(size_t block) const {
  const Span span = ReadSpan(block);
  if (HashOfPiece(std::string_view(span.bytes).substr(span.begin, span.size)) != hashes_[block]) {
    Fail("read", name(), "the text that it was at the beginning, the same on every machine",
         fmt::format("another from byte {} on", block * kBlockBytes));
  }
  return CharactersOf(span);
}

LongText::Span LongText::ReadSpan(size_t block) const {
  const size_t begin = block * kBlockBytes, end = std::min(begin + kBlockBytes, bytes_);
  const size_t first = begin - std::min(begin, kMostTail), last = std::min(end + kMostTail, bytes_);
  Span span{std::string(last - first, '\0'), begin - first, end - begin};
  ReadBytes(first, span.bytes.data(), last - first);
  return span;
}

void LongText::ReadBytes(size_t begin, char* to, size_t size) const {
  for (const File& file : files_) {
    while (size > 0 && begin >= file.before && begin < file.before + file.size) {
      const size_t at = begin - file.before, most = std::min(size, file.size - at);
      const ssize_t got = pread(file.descriptor, to, most, static_cast<off_t>(file.begin + at));
      if (got < 0 && errno == EINTR) continue;
      Require(got > 0, "read", file.name, "as long as it was", got < 0 ? std::strerror(errno) : "shorter");
      begin += static_cast<size_t>(got);
      to += got;
      size -= static_cast<size_t>(got);
    }
  }
}

std::string LongText::CharactersOf(const Span& span) const {
  if (unit_ == TextUnit::kBytes) return span.bytes.substr(span.begin, span.size);
  const size_t begin = span.begin + Straddling(span.bytes, span.begin), end = span.begin + span.size;
  const size_t all = end + Straddling(span.bytes, end);
  return span.bytes.substr(begin, all - std::min(begin, all));
}

void LongText::FailAsNoText(size_t block, const std::string& characters, size_t wrong) const {
  const Span span = ReadSpan(block);
  const size_t at = block * kBlockBytes + Straddling(span.bytes, span.begin) + wrong;
  Fail("read", name(), "UTF-8 text, as a text of more than 1 GiB must be (bytes as units take any file)",
       fmt::format("0x{:02X} at byte {}", static_cast<uint8_t>(characters[wrong]), at));
}

}  // namespace eddy

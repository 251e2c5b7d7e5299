#include "data/utf8.h"

#include <algorithm>
#include <cstring>

namespace eddy {
namespace {

// Bytes at the front of `text` that are ASCII, by eights; up to seven more may be.
size_t AsciiBytes(std::string_view text) {
  size_t bytes = 0;
  for (uint64_t eight = 0; bytes + sizeof(eight) <= text.size(); bytes += sizeof(eight)) {
    std::memcpy(&eight, text.data() + bytes, sizeof(eight));
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  return bytes;
}

}  // namespace

size_t BytesBeyondAscii(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  // 0xC0, 0xC1 (overlong) and 0xF5 and above (beyond U+10FFFF) begin nothing.
  const size_t bytes = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (bytes == 0 || text.size() < bytes) return 0;
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
  if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogates
  if (first == 0xF0 && byte(1) < 0x90) return 0;  // overlong
  if (first == 0xF4 && byte(1) > 0x8F) return 0;  // beyond U+10FFFF
  return bytes;
}

size_t InvalidUtf8(std::string_view text) {
  size_t offset = 0;
  while (offset < text.size()) {
    offset += AsciiBytes(text.substr(offset));
    for (int i = 0; i < 8 && offset < text.size(); ++i) {
      const size_t bytes = CodePointBytes(text.substr(offset));
      if (bytes == 0) return offset;
      offset += bytes;
    }
  }
  return offset;
}

void AppendCodePoint(uint32_t code, std::string& text) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      text += static_cast<char>(0xE0 | code >> 12);
    } else {
      text += static_cast<char>(0xF0 | code >> 18);
      tail(12);
    }
    tail(6);
  }
  tail(0);
}

std::string_view FirstCodePoints(std::string_view text, size_t most) {
  size_t bytes = 0;
  for (size_t i = 0; i < most && bytes < text.size(); ++i) bytes += std::max<size_t>(1, CodePointBytes(text.substr(bytes)));
  return text.substr(0, bytes);
}

size_t LineOf(std::string_view text, size_t offset) {
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

}  // namespace eddy

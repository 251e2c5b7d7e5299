// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Bytes of the code point at the front of `text`, 2 to 4; 0 when `text` does not begin with a valid one beyond ASCII.
size_t BytesBeyondAscii(std::string_view text);

// Bytes of the code point at the front of `text`, 1 to 4; 0 when `text` is empty or does not begin with a valid one.
inline size_t CodePointBytes(std::string_view text) {
  if (text.empty()) return 0;
  return static_cast<uint8_t>(text.front()) < 0x80 ? 1 : BytesBeyondAscii(text);
}

// Offset of the first byte that is not part of valid UTF-8; text.size() when there is none.
size_t InvalidUtf8(std::string_view text);

// `code` is at most U+10FFFF and no surrogate.
void AppendCodePoint(uint32_t code, std::string& text);

// The text as far as its `most`th code point.
std::string_view FirstCodePoints(std::string_view text, size_t most);

// The line, from 1, that holds the byte at `offset`.
size_t LineOf(std::string_view text, size_t offset);

}  // namespace eddy

#include "data/hangul.h"

#include <algorithm>
#include <cstdint>

#include "data/utf8.h"

namespace eddy {
namespace {

// First letters (L), vowels (V), last letters (T; the first of them, 0x11A7, stands for none), and syllables (S). All are
// three bytes in UTF-8.
constexpr uint32_t kL = 0x1100, kV = 0x1161, kT = 0x11A7, kS = 0xAC00;
constexpr uint32_t kLs = 19, kVs = 21, kTs = 28, kSs = kLs * kVs * kTs;

uint32_t CodeOfThree(std::string_view three) {
  const auto bits = [&](size_t i, uint32_t mask) { return static_cast<uint8_t>(three[i]) & mask; };
  return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
}

void Append(std::string& text, uint32_t code) {
  for (const uint32_t byte : {0xE0 | code >> 12, 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)}) {
    text += static_cast<char>(byte);
  }
}

// The place of the code point at the front of `text` among `count` from `first` on; `count` where it is none of them.
uint32_t Place(std::string_view text, uint32_t first, uint32_t count) {
  if (CodePointBytes(text) != 3) return count;
  const uint32_t code = CodeOfThree(text);
  return code >= first && code < first + count ? code - first : count;
}

}  // namespace

std::string HangulLetters(std::string_view character) {
  const uint32_t s = Place(character, kS, kSs);
  if (s == kSs) return std::string(character);
  std::string letters;
  Append(letters, kL + s / (kVs * kTs));
  Append(letters, kV + s / kTs % kVs);
  if (s % kTs > 0) Append(letters, kT + s % kTs);
  return letters;
}

std::string ComposeHangul(std::string_view text) {
  std::string composed;
  while (!text.empty()) {
    const uint32_t l = Place(text, kL, kLs), v = l < kLs ? Place(text.substr(3), kV, kVs) : kVs;
    if (v < kVs) {
      const uint32_t last = Place(text.substr(6), kT, kTs), t = last < kTs ? last : 0;
      Append(composed, kS + (l * kVs + v) * kTs + t);
      text.remove_prefix(t > 0 ? 9 : 6);
      continue;
    }
    const size_t bytes = std::max<size_t>(1, CodePointBytes(text));
    composed += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return composed;
}

}  // namespace eddy

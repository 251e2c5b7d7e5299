#include "data/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/nearest.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::array<std::string_view, 3> kUnitNames = {"characters", "bytes", "words"};
constexpr std::string_view kGlue = "##";

bool IsAsciiPrintable(uint8_t byte) { return byte >= 0x20 && byte < 0x7F; }

std::string SpellByte(uint8_t byte) {
  return IsAsciiPrintable(byte) ? std::string(1, static_cast<char>(byte)) : fmt::format("<0x{:02X}>", byte);
}

std::string ByteText(std::string_view spelled) {
  if (spelled.size() != 6) return std::string(spelled);
  int byte = 0;
  std::from_chars(spelled.data() + 3, spelled.data() + 5, byte, 16);
  return std::string(1, static_cast<char>(byte));
}

// Of each byte; the views of its tokens last.
const std::array<std::string, 256>& SpelledBytes() {
  static const auto spelled = [] {
    std::array<std::string, 256> all;
    for (size_t byte = 0; byte < all.size(); ++byte) all[byte] = SpellByte(static_cast<uint8_t>(byte));
    return all;
  }();
  return spelled;
}

enum class Kind { kSpace, kLetter, kJoiner, kMark };  // joiners stay inside a word when between letters

uint32_t CodePoint(std::string_view valid) {
  const auto tail = [&](size_t i) { return static_cast<uint32_t>(valid[i]) & 0x3F; };
  const uint32_t first = static_cast<uint8_t>(valid[0]);
  switch (valid.size()) {
    case 1:
      return first;
    case 2:
      return (first & 0x1F) << 6 | tail(1);
    case 3:
      return (first & 0x0F) << 12 | tail(1) << 6 | tail(2);
    default:
      return (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
  }
}

// By the blocks of Unicode rather than its tables: beyond ASCII and Latin-1 everything is a letter but general punctuation
// and symbols, the scripts without spaces between words (each of their characters is a token), and emoji.
Kind KindOf(std::string_view character) {
  const uint32_t code = CodePoint(character);
  if (code == ' ' || (code >= '\t' && code <= '\r')) return Kind::kSpace;
  if (code == '\'' || code == '-' || code == 0x2019) return Kind::kJoiner;
  if (code < 0x80) {
    const bool digit = code >= '0' && code <= '9';
    const bool letter = (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
    return digit || letter || code == '_' ? Kind::kLetter : Kind::kMark;
  }
  if (code < 0xC0) return code == 0xAA || code == 0xB5 || code == 0xBA ? Kind::kLetter : Kind::kMark;
  if (code == 0xD7 || code == 0xF7) return Kind::kMark;
  if (code >= 0x2000 && code < 0x2C00) return Kind::kMark;  // punctuation, arrows, mathematics, box drawing
  if (code >= 0x2E00 && code < 0xA000) return Kind::kMark;  // kana, ideographs
  if (code >= 0xF900 && code < 0xFB00) return Kind::kMark;  // compatibility ideographs
  if (code >= 0xFE10 && code < 0xFE70) return Kind::kMark;  // vertical and small forms
  if (code >= 0xFF00 && code < 0xFFF0) return Kind::kMark;  // full width forms
  if (code >= 0x1F000) return Kind::kMark;                  // emoji, supplementary ideographs
  return Kind::kLetter;
}

// Bytes of the word or single character at the front of `text`.
size_t WordBytes(std::string_view text) {
  size_t bytes = CodePointBytes(text);
  if (KindOf(text.substr(0, bytes)) != Kind::kLetter) return bytes;
  while (bytes < text.size()) {
    const std::string_view rest = text.substr(bytes);
    const size_t next = CodePointBytes(rest);
    const Kind kind = KindOf(rest.substr(0, next));
    if (kind == Kind::kLetter) {
      bytes += next;
      continue;
    }
    const size_t after = CodePointBytes(rest.substr(next));
    const bool joins = kind == Kind::kJoiner && after > 0 && KindOf(rest.substr(next, after)) == Kind::kLetter;
    if (!joins) break;
    bytes += next + after;
  }
  return bytes;
}

bool IsSpace(std::string_view token) {
  return !token.empty() && KindOf(token.substr(0, CodePointBytes(token))) == Kind::kSpace;
}

bool IsMarked(std::string_view token) { return token.size() > kGlue.size() && token.starts_with(kGlue); }

// Whether a space is implied before a word that is not marked.
bool FollowsSpace(std::string_view token, std::string_view previous) {
  return !previous.empty() && !IsSpace(previous) && !IsSpace(token);
}

std::string WordText(std::string_view token, std::string_view previous) {
  if (IsMarked(token)) return std::string(token.substr(kGlue.size()));
  return (FollowsSpace(token, previous) ? " " : "") + std::string(token);
}

size_t BytesOfWord(std::string_view token, std::string_view previous) {
  return IsMarked(token) ? token.size() - kGlue.size() : token.size() + FollowsSpace(token, previous);
}

}  // namespace

std::string_view TextUnitName(TextUnit unit) { return kUnitNames[static_cast<size_t>(unit)]; }

TextUnit ParseTextUnit(std::string_view name) {
  for (size_t i = 0; i < kUnitNames.size(); ++i) {
    if (name == kUnitNames[i]) return static_cast<TextUnit>(i);
  }
  const std::string nearest = Nearest(name, kUnitNames);
  Fail("text", "units", "characters, bytes or words",
       nearest.empty() ? Excerpt(name) : fmt::format("{} (did you mean {}?)", Excerpt(name), nearest));
}

void RequireText(std::string_view text, TextUnit unit, std::string_view source) {
  if (unit == TextUnit::kBytes) return;
  RequireNoZero(text, source);
  const size_t wrong = InvalidUtf8(text);
  if (wrong == text.size()) return;
  Fail("read", source, "UTF-8 text (bytes as units take any file)",
       fmt::format("0x{:02X} at byte {}, line {}", static_cast<uint8_t>(text[wrong]), wrong, LineOf(text, wrong)));
}

bool TokenReader::NextByteOrWord() {
  if (unit_ == TextUnit::kWords) return NextWord();
  token_ = rest_.empty() ? std::string_view() : SpelledBytes()[static_cast<uint8_t>(rest_.front())];
  rest_.remove_prefix(std::min<size_t>(rest_.size(), 1));
  return !token_.empty();
}

bool TokenReader::NextWord() {
  previous_ = token_;
  const auto take = [&] {
    token_ = rest_.empty() ? rest_ : rest_.substr(0, WordBytes(rest_));
    rest_.remove_prefix(token_.size());
  };
  take();
  // Between two tokens a space is implied: the second is not marked.
  const bool space_is_implied = after_word_ && token_ == " " && !rest_.empty() && !IsSpace(rest_);
  if (space_is_implied) take();
  const bool is_word = !token_.empty() && !IsSpace(token_);
  if (is_word && after_word_ && !space_is_implied) {
    turn_ = 1 - turn_;
    token_ = marked_[turn_].assign(kGlue).append(token_);
  }
  after_word_ = is_word;
  return !token_.empty();
}

std::string TokenText(TextUnit unit, std::string_view token, std::string_view previous) {
  switch (unit) {
    case TextUnit::kBytes:
      return ByteText(token);
    case TextUnit::kWords:
      return WordText(token, previous);
    case TextUnit::kCharacters:
      break;
  }
  return std::string(token);
}

size_t TokenBytes(TextUnit unit, std::string_view token, std::string_view previous) {
  switch (unit) {
    case TextUnit::kBytes:
      return 1;
    case TextUnit::kWords:
      return BytesOfWord(token, previous);
    case TextUnit::kCharacters:
      break;
  }
  return token.size();
}

}  // namespace eddy

#include "data/encoding.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

#include "data/read_file.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

uint8_t Byte(std::string_view bytes, size_t i) { return static_cast<uint8_t>(bytes[i]); }

bool IsBlank(uint32_t code) { return code == ' ' || (code >= '\t' && code <= '\r'); }

// Control characters that no text has. Escape and the end of file of old systems are let through.
bool IsControl(uint32_t code) { return (code < 0x20 && !IsBlank(code) && code != 0x1A && code != 0x1B) || code == 0x7F; }

// The units of `width` bytes at the places 0, 1, 2 ...
struct Units {
  std::string_view bytes;
  size_t width;
  bool little;

  size_t size() const { return bytes.size() / width; }
  uint32_t operator[](size_t i) const {
    uint32_t unit = 0;
    for (size_t k = 0; k < width; ++k) unit = unit << 8 | Byte(bytes, i * width + (little ? width - 1 - k : k));
    return unit;
  }
};

// UTF-16 or UTF-32 as UTF-8; nothing for surrogates that are not pairs, code points that do not exist, and half a unit.
std::optional<std::string> Decode(const Units& units) {
  if (units.bytes.size() % units.width != 0) return std::nullopt;
  std::string text;
  text.reserve(units.bytes.size());
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t code = units[i];
    if (units.width == 2 && code >= 0xD800 && code < 0xDC00 && i + 1 < units.size()) {
      const uint32_t low = units[i + 1];
      if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      ++i;
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
    AppendCodePoint(code, text);
  }
  return text;
}

[[noreturn]] void FailAt(std::string_view bytes, size_t at, std::string_view source, std::string_view more) {
  Fail("read", source, "UTF-8 text (or UTF-16, UTF-32, Latin-1 or Windows-1252)",
       fmt::format("0x{:02X} at byte {}, line {}{}", Byte(bytes, at), at, LineOf(bytes, at), more));
}

// Whether these are UTF-16 that has no mark, in this order of bytes: what they spell is text, and most zero bytes stand
// where those of ASCII do. A text of ASCII with a stray zero would do as well, so that of such there must be many.
std::optional<std::string> GuessUtf16(std::string_view bytes, bool little) {
  const Units units = {bytes, 2, little};
  size_t expected = 0, others = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++((i % 2 == 1) == little ? expected : others);
  }
  const bool may_be_utf8 = InvalidUtf8(bytes) == bytes.size();
  if (expected <= 4 * others || (may_be_utf8 && 8 * expected < units.size())) return std::nullopt;
  for (size_t i = 0; i < units.size(); ++i) {
    if (IsControl(units[i]) || units[i] >= 0xFFFE) return std::nullopt;
  }
  return Decode(units);
}

// What Windows-1252 has between 0x80 and 0x9F, where Latin-1 has control characters; 0 for what is free.
constexpr std::array<uint16_t, 32> kWindows = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr size_t kLettersToOne = 3;  // ASCII letters and digits to a character beyond it, at least

// Throws where the bytes cannot be Latin-1 or Windows-1252. `wrong` is the first that is not UTF-8.
DecodedText DecodeSingleBytes(std::string_view bytes, size_t wrong, std::string_view source) {
  size_t high = 0, plain = 0;
  bool windows = false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t byte = Byte(bytes, i);
    const bool in_windows = byte >= 0x80 && byte < 0xA0;
    if (IsControl(byte) || (in_windows && kWindows[byte - 0x80] == 0)) FailAt(bytes, i, source, "");
    windows |= in_windows;
    high += byte >= 0x80;
    plain += (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
  }
  if (kLettersToOne * high > plain)
    FailAt(bytes, wrong, source, " (is it in another encoding? It can be converted by iconv)");
  DecodedText decoded{{}, windows ? "Windows-1252" : "Latin-1"};
  decoded.text.reserve(bytes.size() + high + high / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t byte = Byte(bytes, i);
    AppendCodePoint(byte >= 0x80 && byte < 0xA0 ? kWindows[byte - 0x80] : byte, decoded.text);
  }
  return decoded;
}

// Whether more characters beyond ASCII are whole than broken, as in UTF-8 that was damaged, and in no other encoding.
bool IsDamagedUtf8(std::string_view bytes) {
  size_t whole = 0, broken = 0;
  while (!bytes.empty()) {
    const size_t size = CodePointBytes(bytes);
    whole += size > 1;
    broken += size == 0;
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return whole >= broken;
}

struct Mark {
  std::string_view bytes, encoding;
  size_t width;
  bool little;
};

// The longer before those that they begin with.
constexpr std::array<Mark, 4> kMarks = {{{{"\xFF\xFE\0\0", 4}, "UTF-32LE", 4, true},
                                         {{"\0\0\xFE\xFF", 4}, "UTF-32BE", 4, false},
                                         {"\xFF\xFE", "UTF-16LE", 2, true},
                                         {"\xFE\xFF", "UTF-16BE", 2, false}}};

}  // namespace

DecodedText DecodeText(std::string bytes, std::string_view source) {
  for (const Mark& mark : kMarks) {
    const std::string_view all = bytes;
    if (!all.starts_with(mark.bytes)) continue;
    if (auto text = Decode({all.substr(mark.bytes.size()), mark.width, mark.little})) {
      return {std::move(*text), std::string(mark.encoding)};
    }
    Fail("read", source, fmt::format("{} text, as its byte order mark says", mark.encoding), "something else");
  }
  if (const size_t zero = bytes.find('\0'); zero != std::string::npos) {
    for (const bool little : {true, false}) {
      if (auto text = GuessUtf16(bytes, little)) return {std::move(*text), little ? "UTF-16LE" : "UTF-16BE"};
    }
    FailAt(bytes, zero, source, "");
  }
  std::string encoding = "UTF-8";
  if (bytes.starts_with(kByteOrderMark)) {
    bytes.erase(0, kByteOrderMark.size());
    encoding += " with a byte order mark";
  }
  const size_t wrong = InvalidUtf8(bytes);
  if (wrong < bytes.size() && encoding == "UTF-8" && !IsDamagedUtf8(bytes)) return DecodeSingleBytes(bytes, wrong, source);
  return {std::move(bytes), encoding};
}

DecodedText ReadDecoded(const Data& data) { return DecodeText(ReadBytes(data), data.name()); }

void RequireNoZero(std::string_view text, std::string_view source) {
  const size_t zero = text.find('\0');
  if (zero == std::string_view::npos) return;
  Fail("read", source, "text", fmt::format("with a zero byte, at byte {}, line {}", zero, LineOf(text, zero)));
}

}  // namespace eddy

#include "data/printable.h"

#include "data/utf8.h"

namespace eddy {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool IsControl(std::string_view c) {
  if (c.size() == 1) return static_cast<unsigned char>(c[0]) < 0x20 || c[0] == 0x7f;
  if (c.size() == 2) return c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0;  // U+0080 to U+009F
  return (c >= "\xE2\x80\xAA" && c <= "\xE2\x80\xAE") ||                                // U+202A to U+202E
         (c >= "\xE2\x81\xA6" && c <= "\xE2\x81\xA9");                                  // U+2066 to U+2069
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t bytes = CodePointBytes(text);
    const std::string_view character = text.substr(0, bytes);
    out += bytes == 0 || IsControl(character) ? kReplacement : character;
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

}  // namespace eddy

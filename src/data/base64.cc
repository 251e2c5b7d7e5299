#include "data/base64.h"

#include <cstdint>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](size_t j) { return i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : uint32_t{0}; };
    const uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : kDigits[three >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string DecodeBase64(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 4 <= text.size(); i += 4) {
    uint32_t three = 0;
    size_t digits = 0;
    for (; digits < 4 && kDigits.find(text[i + digits]) != std::string_view::npos; ++digits) {
      three |= static_cast<uint32_t>(kDigits.find(text[i + digits])) << (18 - 6 * digits);
    }
    for (size_t j = 0; j + 1 < digits; ++j) bytes += static_cast<char>(three >> (16 - 8 * j) & 255);
  }
  Require(EncodeBase64(bytes) == text, "base64", "the text", "as it is written", "something else");
  return bytes;
}

}  // namespace eddy

#include "report/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/utf8.h"

namespace eddy {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool IsControl(unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = CodePointBytes(text);
    const std::string_view character = text.substr(0, bytes);
    if (bytes == 0 || IsControl(static_cast<unsigned char>(text[0]))) {
      out += kReplacement;
    } else if (character == "&") {
      out += "&amp;";
    } else if (character == "<") {
      out += "&lt;";
    } else if (character == ">") {
      out += "&gt;";
    } else if (character == "\"") {
      out += "&quot;";
    } else if (character == "'") {
      out += "&#39;";
    } else {
      out += character;
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

std::string ShortNumber(double value) {
  if (std::isnan(value)) return "none";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  const double size = std::abs(value);
  if (size >= 1e9) return fmt::format("{:.3g}", value);
  if (size >= 1e6) return fmt::format("{:.4g}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.4g}k", value / 1e3);
  std::string number = fmt::format("{:.4g}", value);
  const size_t exponent = number.find("e-0");  // 1e-05: the zero says nothing
  if (exponent != std::string::npos) number.erase(exponent + 2, 1);
  return number;
}

size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<size_t>(1, CodePointBytes(text)));
  return count;
}

std::string Shortened(std::string_view text, size_t most) {
  if (CountCharacters(text) <= most) return std::string(text);
  size_t bytes = 0;
  for (size_t i = 0; i + 1 < most; ++i) bytes += std::max<size_t>(1, CodePointBytes(text.substr(bytes)));
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace eddy

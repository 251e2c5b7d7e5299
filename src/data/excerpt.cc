#include "data/excerpt.h"

#include <fmt/format.h>

#include "data/utf8.h"

namespace eddy {

std::string Excerpt(std::string_view text) {
  constexpr size_t kMost = 60;
  std::string shown = "\"";
  while (!text.empty() && shown.size() < kMost) {
    const size_t bytes = CodePointBytes(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (bytes == 0 || first < 0x20 || first == 0x7F) {
      shown += fmt::format("\\x{:02X}", first);
      text.remove_prefix(1);
    } else {
      shown += text.substr(0, bytes);
      text.remove_prefix(bytes);
    }
  }
  return shown + (text.empty() ? "\"" : "...\"");
}

}  // namespace eddy

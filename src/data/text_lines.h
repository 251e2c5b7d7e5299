// The lines of a text, one after another.
#pragma once

#include <cstddef>
#include <string_view>

namespace eddy {

// Calls visit(line, number) for each line that is not empty, without its end (LF or CRLF); numbers count all, from 1.
template <class Visit>
void ForEachLine(std::string_view text, const Visit& visit) {
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) visit(line, number);
  }
}

}  // namespace eddy

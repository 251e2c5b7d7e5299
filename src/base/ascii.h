// What of text needs ASCII alone: blanks, and letters in either case.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace eddy {

inline constexpr std::string_view kBlank = " \t\r\v\f";
inline constexpr std::string_view kJsonBlank = " \t\r\n";  // which JSON allows between its parts (RFC 8259)

// Without the characters of `blank` at either end.
inline std::string_view Trim(std::string_view text, std::string_view blank = kBlank) {
  const size_t begin = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

inline bool IsBlank(std::string_view text, std::string_view blank = kBlank) {
  return text.find_first_not_of(blank) == std::string_view::npos;
}

// Capital letters of ASCII become small ones.
inline char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

}  // namespace eddy

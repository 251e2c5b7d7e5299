// Text and numbers as they stand in HTML.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// Safe as content and inside double quotes. Control characters and bytes that are not UTF-8 become U+FFFD.
std::string EscapeHtml(std::string_view text);

// Four digits at most, for people: 0.1234, 12.3, 45k, 1.2M, 3.1e-5. NaN is "none".
std::string ShortNumber(double value);

size_t CountCharacters(std::string_view text);              // code points
std::string Shortened(std::string_view text, size_t most);  // to so many characters, the last of which is then "…"

}  // namespace eddy

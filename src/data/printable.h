// Text of a file as it may be shown on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// On one line, in UTF-8. U+FFFD stands for each control character, those above 127 and those that turn the direction of text
// included, and for bytes that are not UTF-8: a name or a word must neither move a cursor nor seem to be another.
std::string Printable(std::string_view text);

}  // namespace eddy

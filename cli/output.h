// Standard output, checked: a full disk is an Error, not a short file.
#pragma once

#include <string_view>

namespace eddy {

void Print(std::string_view text);      // may be buffered
void PrintLine(std::string_view text);  // with a line end
void FlushOutput();                     // throws Error when anything printed so far could not be written

}  // namespace eddy

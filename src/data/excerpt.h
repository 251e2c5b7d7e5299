// A piece of the user's data for an error message.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// In double quotes and on one line: control characters and bytes that are not UTF-8 as \x0A, and no more than about 60
// bytes of it.
std::string Excerpt(std::string_view text);

}  // namespace eddy

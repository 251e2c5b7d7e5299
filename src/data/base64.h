// Bytes as text (RFC 4648, section 4), for the few that stand in JSON.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

std::string EncodeBase64(std::string_view bytes);
std::string DecodeBase64(std::string_view text);  // throws Error for what EncodeBase64 would not write

}  // namespace eddy

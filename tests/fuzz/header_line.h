// So that a fuzzer need not keep the length of a safetensors header right, its input can be written as header, line feed,
// data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

// The file that `text` stands for: the length of its first line in 8 bytes, that line, and what follows it.
inline std::string WithLength(std::string_view text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  const uint64_t length = header.size();
  const std::string_view data = text.substr(std::min(text.size(), header.size() + 1));
  return std::string(reinterpret_cast<const char*>(&length), sizeof length).append(header).append(data);
}

}  // namespace eddy

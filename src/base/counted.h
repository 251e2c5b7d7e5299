// Numbers of things, for messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

// "1 row", "2 rows", "0 series", "3 batches": `unit` is the name of one.
inline std::string Counted(uint64_t count, std::string_view unit) {
  const std::string text = std::to_string(count) + " " + std::string(unit);
  if (count == 1 || unit.ends_with("series")) return text;
  const bool hisses = unit.ends_with("s") || unit.ends_with("x") || unit.ends_with("ch");
  return text + (hisses ? "es" : "s");
}

}  // namespace eddy

#include "tasks/speak/durations_file.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/text_lines.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kSpace = "<space>";

}  // namespace

std::string WriteDurations(const std::vector<SpokenSymbol>& symbols) {
  std::string text;
  for (const SpokenSymbol& each : symbols) {
    text += fmt::format("{}\t{:g}\n", each.symbol == " " ? kSpace : each.symbol, 1000 * each.seconds);
  }
  return text;
}

std::vector<SpokenSymbol> ParseDurations(std::string_view text, const std::string& name) {
  RequireNoZero(text, name);
  std::vector<SpokenSymbol> symbols;
  ForEachLine(text, [&](std::string_view row, size_t line) {
    const size_t tab = row.find('\t');
    const std::string_view symbol = row.substr(0, tab), number = tab == row.npos ? "" : row.substr(tab + 1);
    double milliseconds = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), milliseconds);
    const bool read = error == std::errc() && end == number.data() + number.size() && std::isfinite(milliseconds);
    if (!read || symbol.empty()) {
      Fail("read", fmt::format("{} line {}", name, line), "a symbol, a tab and milliseconds", Excerpt(row));
    }
    symbols.push_back({std::string(symbol == kSpace ? " " : symbol), milliseconds / 1000});
  });
  Require(!symbols.empty(), "read", name, "with durations", "without");
  return symbols;
}

}  // namespace eddy

#include "tasks/speak/alignment_file.h"

#include <fmt/format.h>

#include <charconv>

#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/side_format.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostSymbolBytes = 32;
constexpr double kMostAlignedSeconds = 3600;

double Seconds(const std::string& text, const std::string& place) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool read = error == std::errc() && end == text.data() + text.size();
  if (!read || !(seconds >= 0 && seconds <= kMostAlignedSeconds)) Fail("read", place, "a time in seconds", Excerpt(text));
  return seconds;
}

}  // namespace

std::vector<AlignedSymbol> ParseAlignment(std::string_view text, const std::string& name) {
  RequireNoZero(text, name);
  const bool headed = text.starts_with("#\n") || text.find("\n#\n") != std::string_view::npos;
  bool in_head = headed;
  std::vector<AlignedSymbol> symbols;
  double last = 0;
  for (size_t line = 1; !text.empty(); ++line) {
    const std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(row.size() + 1, text.size()));
    if (in_head) {
      in_head = row != "#";
      continue;
    }
    const std::vector<std::string> cells = CutSide(row, SideUnit::kSymbols);
    if (cells.empty()) continue;
    const std::string place = fmt::format("{} line {}", name, line);
    if (cells.size() != 3 || cells[2].size() > kMostSymbolBytes) {
      Fail("read", place, headed ? "an end, a number and a phoneme" : "a beginning, an end and a phoneme", Excerpt(row));
    }
    const double end = Seconds(cells[headed ? 0 : 1], place);
    if (!headed && Seconds(cells[0], place) > end) Fail("read", place, "a phoneme that ends after it begins", Excerpt(row));
    if (end < last) Fail("read", place, "times that rise", Excerpt(row));
    symbols.push_back({cells[2], end});
    last = end;
  }
  Require(!symbols.empty(), "read", name, "phonemes and their times", "none");
  return symbols;
}

std::vector<AlignedSymbol> ReadAlignment(const std::string& path) { return ParseAlignment(ReadDecoded(path).text, path); }

}  // namespace eddy

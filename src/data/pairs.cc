#include "data/pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/excerpt.h"
#include "data/read_file.h"
#include "data/tokenizer.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kBlank = " \t\r\v\f";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// The lines of a text that is UTF-8, without their ends.
std::vector<std::string_view> LinesOf(std::string_view text, std::string_view name) {
  RequireText(text, TextUnit::kCharacters, name);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

std::string PlaceOf(std::string_view name, size_t line) { return fmt::format("{} line {}", name, line + 1); }

std::string Side(std::string_view text, std::string_view name, size_t line) {
  const std::string_view side = Trimmed(text);
  if (side.empty()) Fail("read", PlaceOf(name, line), "a pair of texts", "empty on one side");
  if (side.size() > kMostSideBytes) {
    Fail("read", PlaceOf(name, line), fmt::format("of at most {} bytes a side", kMostSideBytes),
         fmt::format("of {}", side.size()));
  }
  return std::string(side);
}

void RequirePairs(const std::vector<Pair>& pairs, const std::string& name) {
  if (pairs.empty()) Fail("read", name, "with pairs in it", "without any");
}

}  // namespace

std::vector<Pair> ParsePairTable(std::string_view text, std::string_view name) {
  const std::vector<std::string_view> lines = LinesOf(text, name);
  std::vector<Pair> pairs;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (Trimmed(lines[i]).empty()) continue;
    const auto tabs = std::count(lines[i].begin(), lines[i].end(), '\t');
    if (tabs != 1) {
      Fail("read", PlaceOf(name, i), "a source, a tab and a target",
           fmt::format("{} with {} tabs", Excerpt(lines[i]), tabs));
    }
    const size_t tab = lines[i].find('\t');
    pairs.push_back({Side(lines[i].substr(0, tab), name, i), Side(lines[i].substr(tab + 1), name, i)});
  }
  RequirePairs(pairs, std::string(name));
  return pairs;
}

std::vector<Pair> ParsePairLines(std::string_view source, std::string_view target, const PairFiles& files) {
  const std::vector<std::string_view> from = LinesOf(source, files.source), to = LinesOf(target, files.target);
  if (from.size() != to.size()) {
    Fail("read", files.target, fmt::format("of {} lines, as {}", from.size(), files.source),
         fmt::format("of {}", to.size()));
  }
  std::vector<Pair> pairs;
  for (size_t i = 0; i < from.size(); ++i) {
    if (Trimmed(from[i]).empty() && Trimmed(to[i]).empty()) continue;
    pairs.push_back({Side(from[i], files.source, i), Side(to[i], files.target, i)});
  }
  RequirePairs(pairs, files.name());
  return pairs;
}

std::vector<Pair> ReadPairs(const PairFiles& files) {
  if (!files.table.empty()) return ParsePairTable(ReadFile(files.table), files.table);
  return ParsePairLines(ReadFile(files.source), ReadFile(files.target), files);
}

std::vector<std::string> ParseLines(std::string_view text, std::string_view name) {
  std::vector<std::string> lines;
  for (const std::string_view line : LinesOf(text, name)) {
    lines.push_back(Trimmed(line).empty() ? std::string() : Side(line, name, lines.size()));
  }
  if (lines.empty()) Fail("translate", name, "with lines in it", "empty");
  return lines;
}

}  // namespace eddy

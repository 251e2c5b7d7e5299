#include "data/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/ascii.h"
#include "base/counted.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// The lines of a text, without their ends.
std::vector<std::string_view> LinesOf(std::string_view text, std::string_view name) {
  RequireNoZero(text, name);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> lines;
  lines.reserve(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

std::string PlaceOf(std::string_view name, size_t line) { return fmt::format("{} line {}", name, line + 1); }

std::string_view Side(std::string_view text, std::string_view name, size_t line) {
  const std::string_view side = Trim(text);
  if (side.empty()) Fail("read", PlaceOf(name, line), "a pair of texts", "empty on one side");
  if (side.size() > kMostSideBytes) {
    Fail("read", PlaceOf(name, line), fmt::format("of at most {} bytes a side", kMostSideBytes),
         fmt::format("of {}", side.size()));
  }
  if (InvalidUtf8(side) < side.size()) Fail("read", PlaceOf(name, line), "UTF-8 text", "something else");
  return side;
}

size_t CountTabs(std::string_view line) { return static_cast<size_t>(std::count(line.begin(), line.end(), '\t')); }

// How many tabs most lines have, but one at least.
size_t UsualTabs(const std::vector<std::string_view>& lines) {
  std::map<size_t, size_t> counts;
  for (const std::string_view line : lines) {
    if (const size_t tabs = CountTabs(line); tabs > 0) ++counts[tabs];
  }
  const auto usual =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return usual == counts.end() ? 1 : usual->first;
}

// EN, en_GB or en-US: a language by itself must be in capitals, since "it" and "es" are words, and a pair.
bool IsLanguage(std::string_view cell) {
  const auto all = [](std::string_view part, char first, char last) {
    return part.size() == 2 && std::all_of(part.begin(), part.end(), [&](char c) { return c >= first && c <= last; });
  };
  if (cell.size() == 5 && (cell[2] == '-' || cell[2] == '_'))
    return all(cell.substr(0, 2), 'a', 'z') && all(cell.substr(3), 'A', 'Z');
  return all(cell, 'A', 'Z');
}

bool IsColumnName(std::string_view cell) {
  constexpr std::array<std::string_view, 24> kNames = {
      "source",      "target",   "src",  "tgt",       "trg",           "input",    "output", "source_text",
      "target_text", "from",     "to",   "word",      "pronunciation", "phonemes", "ipa",    "translation",
      "original",    "sentence", "text", "sentence1", "sentence2",     "question", "answer", "reference"};
  const std::string lower = Lower(cell);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

// Both of different kinds of name, or twice the same, are a pair.
bool IsHeader(std::string_view line) {
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return false;
  const std::string_view rest = line.substr(tab + 1);
  const std::string_view first = Trim(line.substr(0, tab)), second = Trim(rest.substr(0, rest.find('\t')));
  if (first == second) return false;
  return (IsColumnName(first) && IsColumnName(second)) || (IsLanguage(first) && IsLanguage(second));
}

Pair SplitLine(std::string_view line, std::string_view name, size_t number, size_t usual) {
  const size_t tabs = CountTabs(line);
  if (tabs != usual) {
    const std::string expected =
        usual == 1 ? "a source, a tab and a target" : fmt::format("of {} columns, as most lines", usual + 1);
    Fail("read", PlaceOf(name, number), expected, fmt::format("{} with {} tabs", Excerpt(line), tabs));
  }
  const size_t tab = line.find('\t');
  const std::string_view rest = line.substr(tab + 1);
  return {Side(line.substr(0, tab), name, number), Side(rest.substr(0, rest.find('\t')), name, number)};
}

void RequirePairs(const PairSet& pairs, const std::string& name) {
  if (pairs.empty()) Fail("read", name, "with pairs in it", "without any");
}

}  // namespace

PairSet ParsePairTable(std::string_view text, std::string_view name, Reading* reading, const BadLines& bad) {
  const std::vector<std::string_view> lines = LinesOf(text, name);
  const size_t usual = UsualTabs(lines);
  LineSieve sieve(bad, name);
  PairSet pairs;
  pairs.Reserve(lines.size(), text.size(), text.size());
  Reading found;
  if (usual > 1) found.notes.push_back(fmt::format("of {} columns the first two are read", usual + 1));
  for (size_t i = 0; i < lines.size(); ++i) {
    if (Trim(lines[i]).empty()) continue;
    if (i == 0 && IsHeader(lines[i])) {
      found.notes.push_back(fmt::format("line 1, {}, is a header and no pair", Excerpt(Trim(lines[i]))));
      continue;
    }
    sieve.Take([&] { pairs.Add(SplitLine(lines[i], name, i, usual)); });
  }
  found.skipped = sieve.Finish();
  RequirePairs(pairs, std::string(name));
  if (reading) *reading = std::move(found);
  return pairs;
}

PairSet ParsePairLines(std::string_view source, std::string_view target, const PairFiles& files, Reading* reading,
                       const BadLines& bad) {
  const std::vector<std::string_view> from = LinesOf(source, files.source.name()), to = LinesOf(target, files.target.name());
  if (from.size() != to.size()) {
    Fail("read", files.target.name(), fmt::format("of {}, as {}", Counted(from.size(), "line"), files.source.name()),
         fmt::format("of {}", to.size()));
  }
  LineSieve sieve(bad, files.name());
  PairSet pairs;
  pairs.Reserve(from.size(), source.size(), target.size());
  for (size_t i = 0; i < from.size(); ++i) {
    if (Trim(from[i]).empty() && Trim(to[i]).empty()) continue;
    sieve.Take([&] { pairs.Add({Side(from[i], files.source.name(), i), Side(to[i], files.target.name(), i)}); });
  }
  const Skipped skipped = sieve.Finish();
  RequirePairs(pairs, files.name());
  if (reading) {
    *reading = {};
    reading->skipped = skipped;
  }
  return pairs;
}

PairSet ReadPairs(const PairFiles& files, Reading* reading, const BadLines& bad) {
  Reading found;
  PairSet pairs;
  if (!files.table.empty()) {
    const DecodedText table = ReadDecoded(files.table);
    pairs = ParsePairTable(table.text, files.table.name(), &found, bad);
    found.encoding = table.encoding;
  } else {
    const DecodedText source = ReadDecoded(files.source), target = ReadDecoded(files.target);
    pairs = ParsePairLines(source.text, target.text, files, &found, bad);
    found.encoding = source.encoding;
    if (source.encoding != target.encoding) found.notes.push_back(files.target.name() + " is " + target.encoding);
  }
  if (reading) *reading = std::move(found);
  return pairs;
}

std::vector<std::string> TargetsOf(const PairSet& pairs) {
  std::vector<std::string> targets;
  for (size_t i = 0; i < pairs.size(); ++i) targets.emplace_back(pairs[i].target);
  return targets;
}

std::vector<std::string> ParseLines(std::string_view text, std::string_view name) {
  std::vector<std::string> lines;
  for (const std::string_view line : LinesOf(text, name)) {
    lines.emplace_back(Trim(line).empty() ? std::string_view() : Side(line, name, lines.size()));
  }
  if (lines.empty()) Fail("translate", name, "with lines in it", "empty");
  return lines;
}

}  // namespace eddy

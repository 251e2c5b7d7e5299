#include "data/conll.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/read_file.h"
#include "data/tokenizer.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

void RequireUtf8(std::string_view text, std::string_view source) {
  const size_t wrong = InvalidUtf8(text);
  if (wrong < text.size()) {
    Fail("read", fmt::format("{} line {}", source, LineOf(text, wrong)), "valid UTF-8", "something else");
  }
}

// Calls visit(line) for each, without its end.
template <class Visit>
void ForLines(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line);
  }
}

std::string_view WithoutMark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(kBlanks) == std::string_view::npos; }

struct Columns {
  std::string_view first, last;
  size_t count = 0;
};

Columns Split(std::string_view line) {
  Columns columns;
  for (size_t at = line.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    columns.last = line.substr(at, end - at);
    if (columns.count++ == 0) columns.first = columns.last;
    at = line.find_first_not_of(kBlanks, end);
  }
  return columns;
}

void Append(TokenSet& set, bool& open, std::string_view token, size_t line) {
  if (!open) set.sequences.emplace_back().line = line;
  open = true;
  std::vector<std::string>& tokens = set.sequences.back().tokens;
  tokens.emplace_back(token);
  if (tokens.size() > kMostSequenceTokens) {
    Fail("read", fmt::format("the sequence of {} from line {} on", set.source, set.sequences.back().line),
         fmt::format("of at most {} tokens", kMostSequenceTokens), "longer (is there a blank line between sequences?)");
  }
}

}  // namespace

TokenSet ParseConll(std::string_view text, std::string_view source, bool tagged) {
  RequireUtf8(text, source);
  TokenSet set{std::string(source), {}};
  size_t number = 0, columns = 0;
  bool open = false;  // whether a sequence goes on
  ForLines(WithoutMark(text), [&](std::string_view line) {
    ++number;
    const Columns split = Split(line);
    if (split.count == 0) {
      open = false;
      return;
    }
    const auto place = [&] { return fmt::format("{} line {}", source, number); };
    if (tagged && split.count < 2) Fail("read", place(), "a token and its tag", "of one column");
    if (columns == 0) columns = split.count;
    if (split.count != columns) {
      Fail("read", place(), fmt::format("of {} columns, as the lines before it", columns),
           fmt::format("of {}", split.count));
    }
    Append(set, open, split.first, number);
    if (tagged) set.sequences.back().tags.emplace_back(split.last);
  });
  Require(!set.sequences.empty(), "read", source, "with tokens, one a line", "without");
  return set;
}

TokenSet ReadConll(const std::string& path, bool tagged) { return ParseConll(ReadFile(path), path, tagged); }

TokenSet ParseSentences(std::string_view text, std::string_view source) {
  RequireUtf8(text, source);
  TokenSet set{std::string(source), {}};
  size_t number = 0;
  ForLines(WithoutMark(text), [&](std::string_view line) {
    ++number;
    bool open = false;
    Tokenize(line, TextUnit::kWords, [&](std::string_view token) {
      const std::string word = TokenText(TextUnit::kWords, token, {});
      if (!IsBlank(word)) Append(set, open, word, number);
      return true;
    });
  });
  Require(!set.sequences.empty(), "read", source, "with sentences, one a line", "without");
  return set;
}

std::string AppendTags(std::string_view text, const std::vector<std::vector<std::string>>& tags) {
  std::string out;
  size_t sequence = 0, token = 0;
  ForLines(WithoutMark(text), [&](std::string_view line) {
    if (IsBlank(line)) {
      sequence += token > 0;
      token = 0;
      out += '\n';
      return;
    }
    out.append(line.substr(0, line.find_last_not_of(kBlanks) + 1));
    out += line.find('\t') == std::string_view::npos ? ' ' : '\t';
    out += tags[sequence][token++] + '\n';
  });
  return out;
}

std::string WriteConll(const TokenSet& set, const std::vector<std::vector<std::string>>& tags) {
  std::string out;
  for (size_t i = 0; i < set.sequences.size(); ++i) {
    if (i > 0) out += '\n';
    for (size_t t = 0; t < tags[i].size(); ++t) out += set.sequences[i].tokens[t] + ' ' + tags[i][t] + '\n';
  }
  return out;
}

}  // namespace eddy

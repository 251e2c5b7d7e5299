#include "data/conll.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "data/conll_lines.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "data/tokenizer.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

void RequireUtf8(std::string_view text, std::string_view source) {
  RequireNoZero(text, source);
  const size_t wrong = InvalidUtf8(text);
  if (wrong < text.size()) {
    Fail("read", fmt::format("{} line {}", source, LineOf(text, wrong)), "valid UTF-8", "something else");
  }
}

std::string_view WithoutMark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
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

constexpr size_t kManyTokens = 1000;   // among which a tag that stands once is suspicious
constexpr size_t kMostSuspicious = 3;  // that are named
constexpr size_t kFewTags = 100;       // of more, as of lemmas, rare ones are to be expected

struct TagUse {
  size_t count = 0, line = 0;  // the first line
};

void NoteSlips(const std::map<std::string, TagUse, std::less<>>& uses, size_t tokens, Reading& reading) {
  if (uses.size() > kFewTags) return;
  std::map<std::string, std::string_view> usual;  // the most common spelling of each
  for (const auto& [tag, use] : uses) {
    std::string_view& best = usual.try_emplace(Lower(tag), tag).first->second;
    if (use.count > uses.find(best)->second.count) best = tag;
  }
  size_t named = 0;
  for (const auto& [tag, use] : uses) {
    const std::string_view other = usual.at(Lower(tag));
    const bool alone = use.count == 1 && tokens >= kManyTokens;
    if ((other == tag && !alone) || named++ >= kMostSuspicious) continue;
    std::string note = fmt::format("the tag {}, of {} token{}, on line {} first, ", Excerpt(tag), use.count,
                                   use.count == 1 ? "" : "s", use.line);
    note += other == tag ? "stands once among many: is it a slip?"
                         : fmt::format("differs from {} in case alone: is it the same?", Excerpt(other));
    reading.notes.push_back(std::move(note));
  }
  if (named > kMostSuspicious) reading.notes.push_back(fmt::format("{} more tags may be slips", named - kMostSuspicious));
}

}  // namespace

TokenSet ParseConll(std::string_view text, std::string_view source, bool tagged, const ConllFormat& format) {
  RequireNoZero(text, source);
  text = WithoutMark(text);
  const ConllLayout layout(text, source, format, tagged);
  TokenSet set{std::string(source), {}, {}};
  LineSieve sieve(format.bad_lines, source);
  std::map<std::string, TagUse, std::less<>> uses;
  size_t number = 0, tokens = 0;
  bool open = false;  // whether a sequence goes on
  ForConllLines(text, [&](std::string_view line) {
    ++number;
    const ConllLine kind = layout.KindOf(line, open);
    if (kind == ConllLine::kBlank) open = false;
    if (kind != ConllLine::kToken) return;
    std::vector<std::string_view> cells;
    const bool read = sieve.Take([&] {
      cells = layout.CellsOf(line, number);
      if (tagged && layout.tag(cells).empty())
        Fail("read", fmt::format("{} line {}", source, number), "with a tag", "without");
    });
    if (!read) return;
    Append(set, open, layout.token(cells), number);
    if (!tagged) return;
    const std::string_view tag = layout.tag(cells);
    set.sequences.back().tags.emplace_back(tag);
    ++tokens;
    auto use = uses.find(tag);
    if (use == uses.end()) use = uses.emplace(tag, TagUse{0, number}).first;
    ++use->second.count;
  });
  set.reading.skipped = sieve.Finish();
  Require(!set.sequences.empty(), "read", source, "with tokens, one a line", "without");
  set.reading.format = layout.Describe();
  NoteSlips(uses, tokens, set.reading);
  return set;
}

TokenSet ReadConll(const Data& data, bool tagged, const ConllFormat& format) {
  const DecodedText decoded = ReadDecoded(data);
  TokenSet set = ParseConll(decoded.text, data.name(), tagged, format);
  set.reading.encoding = decoded.encoding;
  return set;
}

TokenSet ParseSentences(std::string_view text, std::string_view source) {
  RequireUtf8(text, source);
  TokenSet set{std::string(source), {}, {}};
  size_t number = 0;
  ForConllLines(WithoutMark(text), [&](std::string_view line) {
    ++number;
    bool open = false;
    for (TokenReader reader(line, TextUnit::kWords); reader.Next();) {
      const std::string word = TokenText(TextUnit::kWords, reader.token(), {});
      if (!IsBlank(word)) Append(set, open, word, number);
    }
  });
  Require(!set.sequences.empty(), "read", source, "with sentences, one a line", "without");
  return set;
}

std::string AppendTags(std::string_view text, const std::vector<std::vector<std::string>>& tags, const ConllFormat& format) {
  std::string out;
  text = WithoutMark(text);
  const ConllLayout layout(text, "the text", format, /*tagged=*/false);
  size_t sequence = 0, token = 0;
  bool open = false;
  const auto is_read = [&](std::string_view line) {
    try {
      return !layout.CellsOf(line, 0).empty();
    } catch (const Error&) {
      return false;
    }
  };
  ForConllLines(text, [&](std::string_view line) {
    const ConllLine kind = layout.KindOf(line, open);
    if (kind == ConllLine::kBlank) {
      sequence += token > 0;
      token = 0;
      open = false;
      out += '\n';
      return;
    }
    out.append(line.substr(0, line.find_last_not_of(kBlank) + 1));
    if (kind == ConllLine::kComment) {
      out += '\n';
      return;
    }
    out += line.find('\t') == std::string_view::npos ? ' ' : '\t';
    const bool read = kind == ConllLine::kToken && is_read(line);
    open |= read;
    out += (read ? tags[sequence][token++] : "_") + '\n';
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

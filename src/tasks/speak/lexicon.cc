#include "tasks/speak/lexicon.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/text_lines.h"
#include "eddy/error.h"

namespace eddy {

Lexicon ParseLexicon(std::string_view text, SideUnit unit, const std::string& name) {
  RequireNoZero(text, name);
  Lexicon lexicon;
  ForEachLine(text, [&](std::string_view row, size_t line) {
    const size_t tab = row.find('\t');
    const std::string word = Lower(row.substr(0, tab));
    const std::string_view said = tab == row.npos ? "" : row.substr(tab + 1);
    std::vector<std::string> phonemes = CutSide(said, unit);
    if (word.empty() || word.find(' ') != word.npos || phonemes.empty() || said.find('\t') != said.npos) {
      Fail("read", fmt::format("{} line {}", name, line), "a word, a tab and its phonemes", Excerpt(row));
    }
    lexicon.emplace(word, std::move(phonemes));
  });
  Require(!lexicon.empty(), "read", name, "words and their phonemes", "none");
  return lexicon;
}

}  // namespace eddy

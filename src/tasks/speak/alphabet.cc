#include "tasks/speak/alphabet.h"

#include <algorithm>
#include <cctype>

#include "audio/speech_set.h"
#include "base/ascii.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "data/side_format.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
bool IsMark(std::string_view code_point) {
  if (code_point.size() == 1) return std::isalnum(static_cast<unsigned char>(code_point[0])) == 0;
  return (code_point >= "\u00A1" && code_point <= "\u00BF") || (code_point >= "\u2010" && code_point <= "\u205E") ||
         (code_point >= "\u3001" && code_point <= "\u303F") || (code_point >= "\uFF01" && code_point <= "\uFF0F");
}

SymbolReader::SymbolReader(VoiceAlphabet alphabet, std::string_view edge) : alphabet_(std::move(alphabet)), edge_(edge) {}

std::vector<std::string> SymbolReader::operator()(std::string_view text) {
  const std::string folded = alphabet_.reads_words() ? Lower(text) : std::string(text);
  std::vector<std::string> symbols =
      alphabet_.sounds ? BySounds(folded) : CutSide(folded, alphabet_.letters ? SideUnit::kCharacters : SideUnit::kSymbols);
  if (symbols.empty()) return symbols;
  if (symbols.front() != edge_) symbols.emplace(symbols.begin(), edge_);
  if (symbols.back() != edge_) symbols.emplace_back(edge_);
  return symbols;
}

std::vector<std::string> SymbolReader::BySounds(std::string_view text) {
  std::vector<std::string> symbols;
  std::string word;
  const std::string squeezed = SqueezeSpaces(text);
  for (std::string_view rest = squeezed; !rest.empty();) {
    const std::string_view letter = rest.substr(0, std::max<size_t>(1, CodePointBytes(rest)));
    rest.remove_prefix(letter.size());
    if (letter != " " && alphabet_.sounds->Knows(letter)) {
      word += letter;
      continue;
    }
    if (letter != " " && !IsMark(letter)) {
      Fail("speak", "the text", "of letters that the model of sounds has learned", "with " + Excerpt(letter));
    }
    AddWord(word, symbols);
    symbols.emplace_back(letter);
  }
  AddWord(word, symbols);
  return symbols;
}

void SymbolReader::AddWord(std::string& word, std::vector<std::string>& symbols) {
  if (word.empty()) return;
  auto found = words_.find(word);
  if (found == words_.end()) found = words_.emplace(word, alphabet_.sounds->Phonemes(word)).first;
  symbols.insert(symbols.end(), found->second.begin(), found->second.end());
  word.clear();
}

}  // namespace eddy

#include "data/side_format.h"

#include <algorithm>
#include <array>

#include "data/excerpt.h"
#include "data/hangul.h"
#include "data/tokenizer.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::array<std::string_view, 4> kUnitNames = {"words", "characters", "symbols", "pieces"};
constexpr double kMostSymbolLetters = 2.5;  // on average; of words there are more

std::vector<std::string> CutSymbols(std::string_view text) {
  std::vector<std::string> symbols;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\v\f"), text.size()));
    if (text.empty()) return symbols;
    symbols.emplace_back(text.substr(0, text.find_first_of(" \t\r\n\v\f")));
    text.remove_prefix(symbols.back().size());
  }
}

void CutCharacter(std::string_view character, std::vector<std::string>& tokens) {
  const std::string letters = HangulLetters(character);
  for (TokenReader reader(letters, TextUnit::kCharacters); reader.Next();) tokens.emplace_back(reader.token());
}

size_t CountLetters(std::string_view text) {
  size_t count = 0;
  for (TokenReader reader(text, TextUnit::kCharacters); reader.Next();) ++count;
  return count;
}

}  // namespace

std::string_view SideUnitName(SideUnit unit) { return kUnitNames[static_cast<size_t>(unit)]; }

SideUnit ParseSideUnit(std::string_view name) {
  for (size_t i = 0; i < kUnitNames.size(); ++i) {
    if (name == kUnitNames[i]) return static_cast<SideUnit>(i);
  }
  Fail("translate", "units", "words, characters, symbols or pieces", Excerpt(name));
}

std::vector<std::string> CutSide(std::string_view text, SideUnit unit) {
  if (unit == SideUnit::kSymbols) return CutSymbols(text);
  std::vector<std::string> tokens;
  const bool words = unit == SideUnit::kWords;
  TokenReader reader(text, words ? TextUnit::kWords : TextUnit::kCharacters);
  while (reader.Next()) {
    if (words) {
      tokens.emplace_back(reader.token());
    } else {
      CutCharacter(reader.token(), tokens);
    }
  }
  return tokens;
}

std::string JoinSide(std::span<const std::string> tokens, SideUnit unit) {
  if (unit == SideUnit::kPieces) return JoinPieces(tokens);
  std::string text;
  std::string_view previous;
  for (const std::string& token : tokens) {
    if (unit == SideUnit::kSymbols && !text.empty()) text += ' ';
    text += unit == SideUnit::kWords ? TokenText(TextUnit::kWords, token, previous) : token;
    previous = token;
  }
  return unit == SideUnit::kCharacters ? ComposeHangul(text) : text;
}

SideUnit CharactersOrSymbols(const Ragged<char>& texts) {
  size_t symbols = 0, letters = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (const std::string& symbol : CutSymbols(texts[i])) {
      ++symbols;
      letters += CountLetters(symbol);
    }
  }
  const bool spaced = 2 * texts.size() < symbols;  // more than two to a text
  const bool brief = static_cast<double>(letters) <= kMostSymbolLetters * static_cast<double>(symbols);
  return spaced && brief ? SideUnit::kSymbols : SideUnit::kCharacters;
}

std::vector<std::string> SideFormat::Cut(std::string_view text) const {
  return pieces ? pieces->Cut(text) : CutSide(text, unit);
}

std::vector<int32_t> SideFormat::Encode(std::string_view text) const {
  std::vector<int32_t> ids;
  for (const std::string& token : Cut(text)) {
    const int32_t id = vocabulary.FindOrUnknown(token);
    ids.push_back(id == vocabulary.end() ? vocabulary.unknown() : id);  // a symbol that is spelled like the end
  }
  ids.push_back(vocabulary.end());
  return ids;
}

SideFormat PieceFormat(Pieces pieces) {
  Vocabulary vocabulary(pieces.tokens());
  return {SideUnit::kPieces, std::move(vocabulary), std::make_shared<const Pieces>(std::move(pieces))};
}

SideFormat MakeSideFormat(const Ragged<char>& texts, SideUnit unit, size_t min_count, size_t most) {
  TokenCounts counts;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (const std::string& token : CutSide(texts[i], unit)) counts.Add(token);
  }
  // Symbols may be spelled like these two.
  for (const std::string_view special : {Vocabulary::kUnknown, Vocabulary::kEnd}) counts.Erase(special);
  const std::vector<std::string> first = {std::string(Vocabulary::kUnknown), std::string(Vocabulary::kEnd)};
  return {unit, FrequentTokens(first, counts, min_count, most)};
}

}  // namespace eddy

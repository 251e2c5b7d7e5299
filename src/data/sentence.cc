#include "data/sentence.h"

#include "eddy/error.h"

namespace eddy {
namespace {

bool IsBlank(std::string_view token) { return token.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

}  // namespace

void FoldCase(std::string& word) {
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place) {
  Require(unit != TextUnit::kBytes, "sentence", "its units", "words or characters", "bytes");
  RequireText(text, unit, place);
  std::vector<std::string> tokens;
  for (TokenReader reader(text, unit); reader.Next();) {
    if (unit == TextUnit::kCharacters) {
      tokens.emplace_back(reader.token());
    } else if (!IsBlank(reader.token())) {
      // As if at the beginning: whether a space stands before a word does not matter here.
      FoldCase(tokens.emplace_back(TokenText(unit, reader.token(), {})));
    }
  }
  return tokens;
}

std::vector<int32_t> SentenceFormat::Encode(const std::vector<std::string>& tokens) const {
  std::vector<int32_t> ids;
  for (const std::string& token : tokens) ids.push_back(vocabulary.FindOrUnknown(token));
  if (ids.empty()) ids.push_back(vocabulary.unknown());
  return ids;
}

Vocabulary SentenceVocabulary(const SentenceSource& sentences, size_t min_count, size_t most) {
  std::unordered_map<std::string, size_t> counts;
  for (size_t i = 0; i < sentences.size(); ++i) {
    for (const std::string& token : sentences[i]) ++counts[token];
  }
  return FrequentTokens({std::string(Vocabulary::kUnknown)}, counts, min_count, most);
}

}  // namespace eddy

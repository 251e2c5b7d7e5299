#include "data/sentence.h"

#include "base/ascii.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

}  // namespace

std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place) {
  Require(unit != TextUnit::kBytes, "sentence", "its units", "words or characters", "bytes");
  RequireText(text, unit, place);
  std::vector<std::string> tokens;
  for (TokenReader reader(text, unit); reader.Next();) {
    if (unit == TextUnit::kCharacters) {
      tokens.emplace_back(reader.token());
    } else if (!IsBlank(reader.token(), kWhiteSpace)) {
      // As if at the beginning: whether a space stands before a word does not matter here.
      tokens.push_back(Lower(TokenText(unit, reader.token(), {})));
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

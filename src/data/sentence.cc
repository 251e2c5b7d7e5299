#include "data/sentence.h"

#include "base/ascii.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

std::vector<int32_t> NeverEmpty(std::vector<int32_t> ids, const Vocabulary& vocabulary) {
  if (ids.empty()) ids.push_back(vocabulary.unknown());
  return ids;
}

}  // namespace

void VisitSentence(std::string_view text, TextUnit unit, std::string_view place, const VisitToken& visit) {
  Require(unit != TextUnit::kBytes, "sentence", "its units", "words or characters", "bytes");
  RequireText(text, unit, place);
  for (TokenReader reader(text, unit); reader.Next();) {
    if (unit == TextUnit::kCharacters) {
      visit(reader.token());
    } else if (!IsBlank(reader.token(), kWhiteSpace)) {
      // As if at the beginning: whether a space stands before a word does not matter here.
      visit(Lower(TokenText(unit, reader.token(), {})));
    }
  }
}

std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place) {
  std::vector<std::string> tokens;
  VisitSentence(text, unit, place, [&](std::string_view token) { tokens.emplace_back(token); });
  return tokens;
}

std::vector<std::string> SentenceSource::operator[](size_t i) const {
  std::vector<std::string> tokens;
  Visit(i, [&](std::string_view token) { tokens.emplace_back(token); });
  return tokens;
}

std::vector<int32_t> SentenceFormat::Encode(const std::vector<std::string>& tokens) const {
  std::vector<int32_t> ids;
  for (const std::string& token : tokens) ids.push_back(vocabulary.FindOrUnknown(token));
  return NeverEmpty(std::move(ids), vocabulary);
}

std::vector<int32_t> SentenceFormat::Encode(std::string_view text, std::string_view place) const {
  std::vector<int32_t> ids;
  VisitSentence(text, unit, place, [&](std::string_view token) { ids.push_back(vocabulary.FindOrUnknown(token)); });
  return NeverEmpty(std::move(ids), vocabulary);
}

Vocabulary SentenceVocabulary(const SentenceSource& sentences, size_t min_count, size_t most) {
  TokenCounts counts;
  const VisitToken count = [&](std::string_view token) { counts.Add(token); };
  for (size_t i = 0; i < sentences.size(); ++i) sentences.Visit(i, count);
  return FrequentTokens({std::string(Vocabulary::kUnknown)}, counts, min_count, most);
}

}  // namespace eddy

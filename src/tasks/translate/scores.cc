#include "tasks/translate/scores.h"

#include "metrics/chrf.h"
#include "metrics/edit_distance.h"

namespace eddy {

bool IsSpelling(SideUnit unit) { return unit == SideUnit::kCharacters || unit == SideUnit::kSymbols; }

TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    SideUnit unit, BleuTokens tokens) {
  const auto cut = [&](const std::string& text) {
    return IsSpelling(unit) ? CutSide(text, unit) : TokenizeForBleu(text, tokens);
  };
  TranslationScores scores;
  scores.pairs = made.size();
  scores.bleu = Bleu(made, references, tokens);
  scores.chrf = Chrf(made, references);
  size_t wrong = 0, edits = 0, total = 0;
  for (size_t i = 0; i < made.size(); ++i) {
    const std::vector<std::string> given = cut(made[i]), right = cut(references[i]);
    wrong += given != right;
    edits += EditDistance(given, right);
    total += right.size();
  }
  scores.wrong_share = static_cast<double>(wrong) / static_cast<double>(made.size());
  scores.token_error_rate = static_cast<double>(edits) / static_cast<double>(total);
  return scores;
}

}  // namespace eddy

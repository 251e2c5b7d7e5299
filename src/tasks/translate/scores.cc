#include "tasks/translate/scores.h"

#include <limits>
#include <string_view>
#include <unordered_map>

#include "metrics/edit_distance.h"

namespace eddy {

bool IsSpelling(SideUnit unit) { return unit == SideUnit::kCharacters || unit == SideUnit::kSymbols; }

SourceGroups GroupsOf(const Ragged<char>& sources) {
  SourceGroups groups;
  std::unordered_map<std::string_view, size_t> numbers;
  for (size_t i = 0; i < sources.size(); ++i) {
    const auto [at, is_new] = numbers.emplace(sources[i], groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(i);
  }
  return groups;
}

TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    const SourceGroups& groups, SideUnit unit, BleuTokens tokens) {
  const auto cut = [&](const std::string& text) {
    return IsSpelling(unit) ? CutSide(text, unit) : TokenizeForBleu(text, tokens);
  };
  TranslationScores scores;
  scores.pairs = references.size();
  scores.sources = groups.size();
  size_t wrong = 0, edits = 0, total = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const std::vector<std::string> given = cut(made[i]);
    std::vector<std::string> right;
    size_t least = std::numeric_limits<size_t>::max(), length = 0;  // of the errors, and of that reference
    for (const size_t place : groups[i]) {
      right.push_back(references[place]);
      const std::vector<std::string> reference = cut(right.back());
      const size_t errors = EditDistance(given, reference);
      if (errors >= least) continue;
      least = errors;
      length = reference.size();
    }
    wrong += least > 0;
    edits += least;
    total += length;
    scores.wrong.Add(std::vector<double>{least > 0 ? 1.0 : 0.0, 1.0});
    scores.bleu_sums.Add(BleuSums(made[i], right, tokens));
    scores.chrf_sums.Add(ChrfSums(made[i], right));
  }
  scores.bleu = BleuOf(Total(scores.bleu_sums));
  scores.chrf = ChrfOf(Total(scores.chrf_sums));
  scores.wrong_share = static_cast<double>(wrong) / static_cast<double>(groups.size());
  scores.token_error_rate = static_cast<double>(edits) / static_cast<double>(total);
  return scores;
}

TranslationScores ScoreTranslations(std::span<const std::string> made, std::span<const std::string> references,
                                    SideUnit unit, BleuTokens tokens) {
  SourceGroups groups;
  for (size_t i = 0; i < made.size(); ++i) groups.push_back({i});
  return ScoreTranslations(made, references, groups, unit, tokens);
}

}  // namespace eddy

#include "tasks/translate/evaluation.h"

#include <algorithm>

namespace eddy {
TranslationResult EvaluateTranslator(std::span<TranslatorNetwork* const> networks, const PairSet& pairs,
                                     const BeamOptions& options, BleuTokens tokens, Threads& threads,
                                     ProcessGroup& processes) {
  const TranslatorDesign& design = networks[0]->design();
  const std::vector<std::string> references = TargetsOf(pairs);
  TranslationResult result;
  result.unit = design.target.unit;
  result.too_short_for_bleu = ScoreTranslations(references, references, result.unit, tokens).bleu == 0;
  const SourceGroups groups = GroupsOf(pairs.sources());
  std::vector<std::string> asked;
  for (const std::vector<size_t>& group : groups) asked.emplace_back(pairs[group.front()].source);
  result.halves = AllJudge(groups.size());
  const std::vector<std::string> own =
      BestTranslations(networks, OwnShare(processes).Of(std::span<const std::string>(asked)), options, threads);
  result.network = ScoreTranslations(Joined(processes, own), references, groups, result.unit, tokens);
  const EncodedPairs encoded = EncodePairs(pairs, design);
  if (networks.size() == 1) result.network.nats = NatsPerToken(*networks[0], encoded.All(), threads, processes);
  for (size_t i = 0; i < encoded.size(); ++i) {
    const std::span<const int32_t> target = encoded[i].target;
    result.tokens += target.size();
    result.unknown += static_cast<size_t>(std::count(target.begin(), target.end(), design.target.vocabulary.unknown()));
  }
  return result;
}

Verdict JudgeTranslator(const TranslationResult& result) {
  const auto judge = [&](PartSums TranslationScores::*parts, const JudgedFigure& figure) {
    std::vector<JudgedMethod> floors;
    for (const TranslationFloor& floor : result.floors) floors.push_back({floor.name, floor.scores.*parts});
    return JudgeByParts({"network", result.network.*parts}, floors, figure, result.halves);
  };
  if (IsSpelling(result.unit)) {
    return judge(&TranslationScores::wrong, {.of = [](std::span<const double> sums) { return 100 * sums[0] / sums[1]; },
                                             .unit = "% wrong",
                                             .part = "source",
                                             .of_shares = true});
  }
  if (result.too_short_for_bleu) {
    return judge(&TranslationScores::chrf_sums, {.of = ChrfOf, .unit = "chrF2", .part = "source", .higher = true});
  }
  return judge(&TranslationScores::bleu_sums, {.of = BleuOf, .unit = "BLEU", .part = "source", .higher = true});
}

}  // namespace eddy

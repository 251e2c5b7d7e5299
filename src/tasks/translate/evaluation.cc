#include "tasks/translate/evaluation.h"

#include <fmt/format.h>

#include <algorithm>

namespace eddy {
namespace {

Verdict JudgeSpelling(const TranslationResult& result) {
  std::vector<NamedFigure> floors;
  for (const TranslationFloor& floor : result.floors) floors.push_back({floor.name, 100 * floor.scores.wrong_share});
  return CompareWithFloors(100 * result.network.wrong_share, floors, "% wrong");
}

}  // namespace

TranslationResult EvaluateTranslator(std::span<TranslatorNetwork* const> networks, std::span<const Pair> pairs,
                                     const BeamOptions& options, BleuTokens tokens, Threads& threads) {
  const TranslatorDesign& design = networks[0]->design();
  std::vector<std::string> sources, references;
  for (const Pair& pair : pairs) {
    sources.push_back(pair.source);
    references.push_back(pair.target);
  }
  TranslationResult result;
  result.unit = design.target.unit;
  result.too_short_for_bleu = ScoreTranslations(references, references, result.unit, tokens).bleu == 0;
  result.network = ScoreTranslations(BestTranslations(networks, sources, options, threads), references, result.unit, tokens);
  const std::vector<EncodedPair> encoded = EncodePairs(pairs, design);
  if (networks.size() == 1) result.network.nats = NatsPerToken(*networks[0], encoded, threads);
  for (const EncodedPair& pair : encoded) {
    result.tokens += pair.target.size();
    result.unknown +=
        static_cast<size_t>(std::count(pair.target.begin(), pair.target.end(), design.target.vocabulary.unknown()));
  }
  return result;
}

Verdict JudgeTranslator(const TranslationResult& result) {
  if (IsSpelling(result.unit)) return JudgeSpelling(result);
  const bool chrf = result.too_short_for_bleu;
  const auto figure = [&](const TranslationScores& scores) { return chrf ? scores.chrf : scores.bleu; };
  const auto lower = [&](const TranslationFloor& a, const TranslationFloor& b) {
    return figure(a.scores) < figure(b.scores);
  };
  const auto best = std::max_element(result.floors.begin(), result.floors.end(), lower);
  const double network = figure(result.network);
  const std::string reached = fmt::format("The network reaches {} {:.2f}", chrf ? "chrF2" : "BLEU", network);
  if (best == result.floors.end()) return {reached + ".", false};
  const double floor = figure(best->scores);
  const std::string against = fmt::format("{}; {} reaches {:.2f}", reached, best->name, floor);
  if (network <= floor) return {LosesAgainstFloor(against, network == floor), true};
  return {fmt::format("{}: the network is {:.2f} higher.", against, network - floor), false};
}

}  // namespace eddy

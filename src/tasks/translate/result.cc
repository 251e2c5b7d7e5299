#include "tasks/translate/result.h"

#include <fmt/format.h>

#include <cmath>

#include "base/counted.h"

namespace eddy {
namespace {

std::string Row(const std::string& name, const TranslationScores& s, bool spelling) {
  const std::string perplexity = std::isfinite(s.nats) ? fmt::format("{:.3f}", std::exp(s.nats)) : "-";
  if (spelling) {
    return fmt::format("{:<44}{:>11.2f}{:>13.2f}{:>12}\n", name, 100 * s.wrong_share, 100 * s.token_error_rate, perplexity);
  }
  return fmt::format("{:<44}{:>8.2f}{:>8.2f}{:>13.2f}{:>12}\n", name, s.bleu, s.chrf, 100 * s.token_error_rate, perplexity);
}

OrderedJson ToJson(const TranslationScores& s) {
  return {{"bleu", s.bleu},
          {"chrf", s.chrf},
          {"wrong_share", s.wrong_share},
          {"token_error_rate", s.token_error_rate},
          {"nats_per_token", s.nats},
          {"perplexity", std::exp(s.nats)}};
}

}  // namespace

std::string DescribeResult(const TranslationResult& result) {
  const bool spelling = IsSpelling(result.unit);
  const TranslationScores& network = result.network;
  const std::string pairs = network.sources == network.pairs
                                ? Counted(network.pairs, "pair")
                                : Counted(network.sources, "source") + ", any of " + Counted(network.pairs, "reference");
  std::string text =
      spelling ? fmt::format("{:<44}{:>11}{:>13}{:>12}\n", pairs, "% wrong", "token err %", "perplexity")
               : fmt::format("{:<44}{:>8}{:>8}{:>13}{:>12}\n", pairs, "BLEU", "chrF2", "word error %", "perplexity");
  text += Row("network", result.network, spelling);
  for (const TranslationFloor& floor : result.floors) text += Row(floor.name, floor.scores, spelling);
  return text + "\n" + JudgeTranslator(result).sentence;
}

void AddResult(OrderedJson& json, const TranslationResult& result) {
  json["unit"] = SideUnitName(result.unit);
  json["pairs"] = result.network.pairs;
  json["sources"] = result.network.sources;
  json["tokens"] = result.tokens;
  json["unknown_tokens"] = result.unknown;
  json.update(ToJson(result.network));
  json["floors"] = OrderedJson::array();
  for (const TranslationFloor& floor : result.floors) {
    OrderedJson entry = {{"name", floor.name}};
    entry.update(ToJson(floor.scores));
    json["floors"].push_back(entry);
  }
  AddVerdict(json, JudgeTranslator(result));
}

}  // namespace eddy

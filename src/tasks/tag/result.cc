#include "tasks/tag/result.h"

#include <fmt/format.h>

#include <limits>

#include "base/counted.h"

namespace eddy {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string ChunkColumns(const ChunkScores& s) {
  return fmt::format("{:>11}{:>9}{:>9}", Percent(s.Precision()), Percent(s.Recall()), Percent(s.F1()));
}

std::string Row(const std::string& name, const TagScores& s) {
  return fmt::format("{:<34}{:>10}{}\n", name, Percent(s.accuracy), s.spells_chunks ? ChunkColumns(s.chunks) : "");
}

std::string TypeTable(const TagScores& scores) {
  std::string text =
      fmt::format("{:<44}{:>11}{:>9}{:>9}{:>9}{:>9}\n", "network, by type", "precision", "recall", "F1", "chunks", "said");
  for (const auto& [type, s] : scores.types) {
    text += fmt::format("{:<44}{}{:>9}{:>9}\n", type.empty() ? "(none)" : type, ChunkColumns(s), s.right, s.said);
  }
  return text;
}

OrderedJson ToJson(const ChunkScores& s) {
  return {{"precision", s.Precision()}, {"recall", s.Recall()}, {"f1", s.F1()},
          {"chunks", s.right},          {"said", s.said},       {"correct", s.correct}};
}

OrderedJson ToJson(const TagScores& s) {
  const auto of_chunks = [&](double figure) { return s.spells_chunks ? figure : kNone; };
  return {{"accuracy", s.accuracy},
          {"precision", of_chunks(s.chunks.Precision())},
          {"recall", of_chunks(s.chunks.Recall())},
          {"f1", of_chunks(s.chunks.F1())}};
}

}  // namespace

std::string Percent(double share) { return fmt::format("{:.2f}", 100 * share); }

std::string DescribeResult(const TaggerResult& result) {
  const TagScores& network = result.network;
  std::string text = fmt::format(
      "{:<34}{:>10}", Counted(network.tokens, "token") + " in " + Counted(network.sequences, "sequence"), "accuracy");
  if (network.spells_chunks) text += fmt::format("{:>11}{:>9}{:>9}", "precision", "recall", "F1");
  text += "\n" + Row("network", network);
  for (const TagFloor& floor : result.floors) text += Row(floor.name, floor.scores);
  if (network.spells_chunks) text += "\n" + TypeTable(network);
  return text + "\n" + JudgeTagger(result).sentence;
}

void AddResult(OrderedJson& json, const TaggerResult& result) {
  const TagScores& network = result.network;
  json["sequences"] = network.sequences;
  json["tokens"] = network.tokens;
  json["nats_per_token"] = result.loss;
  json.update(ToJson(network));
  json["types"] = OrderedJson::object();
  for (const auto& [type, scores] : network.types) json["types"][type] = ToJson(scores);
  json["tags"] = result.tags;
  json["confusion"] = OrderedJson::array();
  const size_t tags = result.tags.size();
  for (size_t row = 0; row < tags; ++row) {
    const auto begin = network.confusion.begin() + static_cast<ptrdiff_t>(row * tags);
    json["confusion"].push_back(std::vector<size_t>(begin, begin + static_cast<ptrdiff_t>(tags)));
  }
  json["floors"] = OrderedJson::array();
  for (const TagFloor& floor : result.floors) {
    OrderedJson entry = {{"name", floor.name}};
    entry.update(ToJson(floor.scores));
    json["floors"].push_back(entry);
  }
  AddVerdict(json, JudgeTagger(result));
}

}  // namespace eddy

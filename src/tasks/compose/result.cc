#include "tasks/compose/result.h"

#include <fmt/format.h>

namespace eddy {

std::string DescribeResult(const ComposerResult& result) {
  std::string text = fmt::format("{:<34}{:>16}\n",
                                 fmt::format("{} {} in {} {}", result.network.steps, result.events ? "events" : "frames",
                                             result.pieces, result.pieces == 1 ? "piece" : "pieces"),
                                 MusicUnit(result.events));
  text += fmt::format("{:<34}{:>16.4f}\n", "network", result.network.nats);
  for (const MusicFloor& floor : result.floors) text += fmt::format("{:<34}{:>16.4f}\n", floor.name, floor.nats());
  return text + "\n" + JudgeComposer(result).sentence;
}

void AddResult(OrderedJson& json, const ComposerResult& result) {
  json["pieces"] = result.pieces;
  json["steps"] = result.network.steps;
  json[result.events ? "nats_per_event" : "nats_per_frame"] = result.network.nats;
  json["floors"] = OrderedJson::array();
  for (const MusicFloor& floor : result.floors) json["floors"].push_back({{"name", floor.name}, {"nats", floor.nats()}});
  AddVerdict(json, JudgeComposer(result));
}

}  // namespace eddy

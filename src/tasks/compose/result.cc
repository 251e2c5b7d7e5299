#include "tasks/compose/result.h"

#include <fmt/format.h>

#include <algorithm>

namespace eddy {
namespace {

struct Marked {
  const char *name, *key;
  size_t VoiceLeading::*count;
};
constexpr Marked kMarked[] = {{"parallel fifths", "parallel_fifths", &VoiceLeading::parallel_fifths},
                              {"parallel octaves", "parallel_octaves", &VoiceLeading::parallel_octaves},
                              {"voices out of their range", "out_of_range", &VoiceLeading::out_of_range},
                              {"voice crossings", "crossings", &VoiceLeading::crossings},
                              {"voices that overlap", "overlaps", &VoiceLeading::overlaps},
                              {"chords not of four voices", "other_chords", &VoiceLeading::other_chords}};

double PerHundred(const VoiceLeading& counts, size_t VoiceLeading::*count) {
  return 100 * static_cast<double>(counts.*count) / static_cast<double>(std::max<size_t>(1, counts.chords));
}

std::string Describe(const HarmonyScore& score) {
  std::string text = fmt::format("\n{:<34}{:>16}{:>16}\n", "in a hundred chords", "harmonised", "original");
  for (const Marked& marked : kMarked) {
    text += fmt::format("{:<34}{:>16.2f}{:>16.2f}\n", marked.name, PerHundred(score.made, marked.count),
                        PerHundred(score.original, marked.count));
  }
  return text + fmt::format("{:<34}{:>16}{:>16}\n{} of {} melodies are as they were.\n", "chords", score.made.chords,
                            score.original.chords, score.unchanged, score.pieces);
}

OrderedJson ToJson(const VoiceLeading& counts) {
  OrderedJson json = {{"chords", counts.chords}};
  for (const Marked& marked : kMarked) json[marked.key] = PerHundred(counts, marked.count);
  return json;
}

}  // namespace

std::string DescribeResult(const ComposerResult& result) {
  std::string text = fmt::format("{:<34}{:>16}\n",
                                 fmt::format("{} {} in {} {}", result.network.steps, result.events ? "events" : "frames",
                                             result.pieces, result.pieces == 1 ? "piece" : "pieces"),
                                 MusicUnit(result.events));
  text += fmt::format("{:<34}{:>16.4f}\n", "network", result.network.nats);
  for (const MusicFloor& floor : result.floors) text += fmt::format("{:<34}{:>16.4f}\n", floor.name, floor.nats());
  if (result.harmonies) text += Describe(*result.harmonies);
  return text + "\n" + JudgeComposer(result).sentence;
}

void AddResult(OrderedJson& json, const ComposerResult& result) {
  json["pieces"] = result.pieces;
  json["steps"] = result.network.steps;
  json[result.events ? "nats_per_event" : "nats_per_frame"] = result.network.nats;
  json["floors"] = OrderedJson::array();
  for (const MusicFloor& floor : result.floors) json["floors"].push_back({{"name", floor.name}, {"nats", floor.nats()}});
  if (const auto& score = result.harmonies) {
    json["harmonies"] = {{"melodies", score->pieces},
                         {"unchanged", score->unchanged},
                         {"per_100_chords", {{"harmonised", ToJson(score->made)}, {"original", ToJson(score->original)}}}};
  }
  AddVerdict(json, JudgeComposer(result));
}

}  // namespace eddy

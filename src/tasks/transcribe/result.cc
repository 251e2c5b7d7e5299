#include "tasks/transcribe/result.h"

#include <fmt/format.h>

namespace eddy {
namespace {

constexpr size_t kShownSpeakers = 20;

std::string Row(const std::string& name, const TranscriptScores& s) {
  const auto interval = [](const Interval& i) { return fmt::format("[{:.2f}, {:.2f}]", 100 * i.low, 100 * i.high); };
  return fmt::format("{:<34}{:>9.2f}{:>18}{:>9.2f}{:>18}{:>8}\n", name, 100 * s.words.rate(), interval(s.word_interval),
                     100 * s.characters.rate(), interval(s.character_interval), s.wrong);
}

OrderedJson ToJson(const TranscriptScores& s) {
  return {{"recordings", s.recordings},
          {"wrong_recordings", s.wrong},
          {"words", s.words.right},
          {"word_error_rate", s.words.rate()},
          {"word_error_low", s.word_interval.low},
          {"word_error_high", s.word_interval.high},
          {"replaced", s.words.replaced},
          {"inserted", s.words.inserted},
          {"deleted", s.words.deleted},
          {"characters", s.characters.right},
          {"character_error_rate", s.characters.rate()},
          {"character_error_low", s.character_interval.low},
          {"character_error_high", s.character_interval.high}};
}

}  // namespace

std::string DescribeResult(const TranscriberResult& result) {
  const TranscriptScores& network = result.network;
  std::string text = fmt::format("{:<34}{:>9}{:>18}{:>9}{:>18}{:>8}\n",
                                 fmt::format("{} words in {} recordings", network.words.right, network.recordings), "WER %",
                                 "95% of draws", "CER %", "95% of draws", "wrong");
  text += Row("network", network);
  for (const TranscriptFloor& floor : result.floors) text += Row(floor.name, floor.scores);
  if (result.speakers.size() > 1 && result.speakers.size() <= kShownSpeakers) {
    text += "\n";
    for (const auto& [speaker, scores] : result.speakers) text += Row("network, of " + speaker, scores);
  }
  return text + "\n" + JudgeTranscriber(result).sentence;
}

void AddResult(OrderedJson& json, const TranscriberResult& result) {
  json["nats_per_character"] = result.loss;
  json["left_out"] = result.left_out;
  json["seconds_of_sound"] = result.seconds;
  json.update(ToJson(result.network));
  json["speakers"] = OrderedJson::object();
  for (const auto& [speaker, scores] : result.speakers) json["speakers"][speaker] = ToJson(scores);
  json["mistakes"] = OrderedJson::array();
  for (const WordMistake& mistake : result.mistakes) {
    json["mistakes"].push_back({{"right", mistake.pair.first}, {"said", mistake.pair.second}, {"count", mistake.count}});
  }
  json["floors"] = OrderedJson::array();
  for (const TranscriptFloor& floor : result.floors) {
    OrderedJson entry = {{"name", floor.name}};
    entry.update(ToJson(floor.scores));
    json["floors"].push_back(entry);
  }
  json["verdict"] = JudgeTranscriber(result).sentence;
}

}  // namespace eddy

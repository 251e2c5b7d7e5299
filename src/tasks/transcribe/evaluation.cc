#include "tasks/transcribe/evaluation.h"

namespace eddy {
namespace {

constexpr size_t kMostMistakes = 20;

}  // namespace

TranscriberResult EvaluateTranscriber(const TranscriberNetwork& network, const std::vector<Utterance>& utterances,
                                      const std::string& commonest, const SearchOptions& options, Threads& threads,
                                      ProcessGroup& group) {
  const TranscriberDesign& design = network.design();
  TranscriberResult result;
  std::vector<EncodedUtterance> encoded;
  for (const Utterance& each : utterances) {
    result.seconds += each.seconds;
    if (WhyLeftOut(each, design).empty()) encoded.push_back(EncodeUtterance(each, design));
  }
  result.left_out = utterances.size() - encoded.size();
  result.loss = MeasureTranscriber(network, encoded, threads, group);
  const std::vector<std::vector<float>> scaled = ScaledFrames(OwnShare(group).Of(std::span(utterances)), design);
  const std::vector<std::span<const float>> frames(scaled.begin(), scaled.end());
  std::vector<std::string> own;
  for (const std::vector<Transcript>& best : TranscribeFrames(network, frames, options, 1, threads)) {
    own.push_back(best.front().text);
  }
  result.said = Joined(group, std::move(own));
  result.network = ScoreTranscripts(result.said, utterances);
  result.speakers = ScoreSpeakers(result.said, utterances);
  result.mistakes = CommonMistakes(result.said, utterances, kMostMistakes);
  const std::vector<std::string> always(utterances.size(), commonest);
  result.floors.push_back({"the commonest transcript", ScoreTranscripts(always, utterances)});
  return result;
}

Verdict JudgeTranscriber(const TranscriberResult& result) {
  std::vector<JudgedMethod> floors;
  for (const TranscriptFloor& floor : result.floors) floors.push_back({floor.name, floor.scores.parts});
  const JudgedFigure figure = {.of = [](std::span<const double> sums) { return 100 * sums[0] / sums[1]; },
                               .unit = "% word errors",
                               .part = "recording"};
  return JudgeByParts({"network", result.network.parts}, floors, figure, AllJudge(result.network.recordings));
}

}  // namespace eddy

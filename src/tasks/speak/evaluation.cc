#include "tasks/speak/evaluation.h"

#include <cmath>
#include <limits>

#include "tasks/speak/training.h"
#include "tasks/speak/vocoder_training.h"

namespace eddy {

void VoiceScores::Add(const VoiceDistance& distance) {
  sum.Add(distance);
  parts.Add(std::vector<double>{distance.decibels, distance.pairs});
}

VoiceFrameLayout LayoutOf(const VocoderOptions& vocoder) {
  return {vocoder.width(), vocoder.order, vocoder.pitch(), vocoder.voicing()};
}

std::vector<float> MeanFrames(const std::vector<int32_t>& symbols, const VoiceDesign& design) {
  const size_t D = design.vocoder.width();
  std::vector<float> frames;
  for (const int32_t symbol : symbols) {
    const auto v = static_cast<size_t>(symbol);
    for (long left = std::max(1L, std::lround(design.mean_durations[v])); left > 0; --left) {
      for (size_t d = 0; d < D; ++d) frames.push_back(static_cast<float>(design.mean_frames[v * D + d]));
    }
  }
  return frames;
}

namespace {

VocoderDistances CompareVocoders(const VoiceNetwork& network, const std::vector<SpokenSentence>& sentences, Threads& threads,
                                 ProcessGroup& group) {
  std::vector<const SpokenSentence*> recordings;
  for (const SpokenSentence& each : sentences) recordings.push_back(&each);
  const VocoderOptions& vocoder = network.design().vocoder;
  VocoderDistances distances{MeasureVocoder(nullptr, vocoder, recordings, threads, group)};
  if (network.vocoder()) distances.neural = MeasureVocoder(network.vocoder(), vocoder, recordings, threads, group);
  return distances;
}

// What is found in one sentence.
struct SpokenSentenceScore {
  VoiceDistance network, floor;
  double squares = 0;  // of the errors in its symbols' durations
};

SpokenSentenceScore ScoreSentence(const VoiceNetwork& network, const SpokenSentence& recorded, Threads& threads) {
  const VoiceDesign& design = network.design();
  const VoiceFrameLayout layout = LayoutOf(design.vocoder);
  const std::vector<int32_t> said = EncodeSentence(recorded, design).symbols;
  const SpokenFrames spoken = SpeakSymbols(network, said, {}, 1, threads);
  SpokenSentenceScore score{CompareVoices(spoken.frames, recorded.frames, layout),
                            CompareVoices(MeanFrames(said, design), recorded.frames, layout)};
  for (size_t s = 0; s < said.size(); ++s) {
    const double off = static_cast<double>(spoken.durations[s]) - static_cast<double>(recorded.durations[s]);
    score.squares += off * off;
  }
  return score;
}

}  // namespace

VoiceResult EvaluateVoice(const VoiceNetwork& network, const std::vector<SpokenSentence>& sentences, Threads& threads,
                          ProcessGroup& group) {
  const VoiceDesign& design = network.design();
  VoiceResult result;
  result.step_ms = design.vocoder.step_ms;
  std::vector<const SpokenSentence*> judged;
  std::vector<EncodedSentence> encoded;
  double symbols = 0;
  for (const SpokenSentence& each : sentences) {
    if (!WhyUnspeakable(each.symbols, design).empty()) {
      ++result.left_out;
      continue;
    }
    judged.push_back(&each);
    encoded.push_back(EncodeSentence(each, design));
    symbols += static_cast<double>(encoded.back().symbols.size());
    result.seconds += static_cast<double>(each.samples.size()) / design.vocoder.rate;
  }
  result.recordings = judged.size();
  std::vector<SpokenSentenceScore> scores;
  for (const SpokenSentence* each : OwnShare(group).Of(std::span<const SpokenSentence* const>(judged))) {
    scores.push_back(ScoreSentence(network, *each, threads));
  }
  double squares = 0;
  for (const SpokenSentenceScore& score : Joined(group, std::move(scores))) {
    result.network.Add(score.network);
    result.floor.Add(score.floor);
    squares += score.squares;
  }
  result.vocoders = CompareVocoders(network, sentences, threads, group);
  result.duration_rmse = std::sqrt(squares / symbols);
  result.loss = encoded.empty() ? std::numeric_limits<double>::quiet_NaN() : MeasureVoice(network, encoded, threads, group);
  return result;
}

Verdict JudgeVoice(const VoiceResult& result) {
  const JudgedFigure figure = {
      .of = [](std::span<const double> sums) { return sums[0] / sums[1]; }, .unit = "dB", .part = "recording"};
  return JudgeByParts({"network", result.network.parts}, {{kVoiceFloor, result.floor.parts}}, figure,
                      AllJudge(result.recordings));
}

}  // namespace eddy

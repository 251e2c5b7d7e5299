#include "tasks/speak/result.h"

#include <fmt/format.h>

#include <cmath>

namespace eddy {
namespace {

std::string Row(const std::string& name, const VoiceScores& scores) {
  return fmt::format("{:<34}{:>14.2f}{:>18.1f}{:>16.1f}\n", name, scores.sum.distortion(), 100 * scores.sum.voicing_error(),
                     scores.sum.pitch_rmse());
}

OrderedJson VocodersJson(const VocoderDistances& vocoders) {
  OrderedJson distances = {{"source-filter", vocoders.source_filter}};
  if (!std::isnan(vocoders.neural)) distances["neural"] = vocoders.neural;
  return {{"name", vocoders.neural_is_better() ? "neural" : "source-filter"}, {"spectral_distance", distances}};
}

OrderedJson ScoresJson(const VoiceScores& scores) {
  return {{"mel_cepstral_distortion", scores.sum.distortion()},
          {"voicing_error", scores.sum.voicing_error()},
          {"pitch_rmse", scores.sum.pitch_rmse()}};
}

}  // namespace

std::string DescribeVocoders(const VocoderDistances& vocoders) {
  const bool better = vocoders.neural_is_better();
  std::string text = fmt::format("{}, whose spectra are {:.3f} from the recordings'", better ? "neural" : "source-filter",
                                 better ? vocoders.neural : vocoders.source_filter);
  if (better) text += fmt::format("; those of the source-filter vocoder {:.3f}", vocoders.source_filter);
  if (!better && !std::isnan(vocoders.neural)) text += fmt::format("; those of the neural vocoder {:.3f}", vocoders.neural);
  return text;
}

std::string DescribeResult(const VoiceResult& result) {
  std::string text = fmt::format("{:<34}{:>14}{:>18}{:>16}\n",
                                 fmt::format("{} recordings, {:.1f} minutes", result.recordings, result.seconds / 60),
                                 "distortion dB", "voicing errors %", "pitch RMSE Hz");
  text += Row("network", result.network);
  text += Row(kVoiceFloor, result.floor);
  text += fmt::format("\nA symbol's duration is off by {:.0f} ms (RMSE).\n", result.duration_rmse * result.step_ms);
  text += fmt::format("Vocoder: {}.\n", DescribeVocoders(result.vocoders));
  if (result.left_out > 0) {
    text += fmt::format("Left out {} recordings that have symbols which the voice has not learned.\n", result.left_out);
  }
  return text + "\n" + JudgeVoice(result).sentence;
}

void AddResult(OrderedJson& json, const VoiceResult& result) {
  json["recordings"] = result.recordings;
  json["left_out"] = result.left_out;
  json["seconds_of_sound"] = result.seconds;
  json["loss"] = result.loss;
  json["duration_rmse_ms"] = result.duration_rmse * result.step_ms;
  json["vocoder"] = VocodersJson(result.vocoders);
  json.update(ScoresJson(result.network));
  OrderedJson floor = {{"name", kVoiceFloor}};
  floor.update(ScoresJson(result.floor));
  json["floors"] = OrderedJson::array({floor});
  AddVerdict(json, JudgeVoice(result));
}

}  // namespace eddy

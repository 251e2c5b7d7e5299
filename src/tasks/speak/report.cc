#include "tasks/speak/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "audio/mel_cepstrum.h"
#include "audio/sound.h"
#include "model/architecture.h"
#include "tasks/speak/result.h"

namespace eddy {
namespace {

constexpr size_t kShown = 2;      // sentences
constexpr double kMostDrawn = 6;  // seconds of one
constexpr size_t kRows = 40;      // of a spectrum
constexpr double kNepers = 4;     // of the strongest colour, around the mean

Section Scores(const VoiceResult& result) {
  const auto row = [](const std::string& name, const VoiceDistance& d) {
    return std::vector<std::string>{name, fmt::format("{:.2f}", d.distortion()),
                                    fmt::format("{:.1f}", 100 * d.voicing_error()), fmt::format("{:.1f}", d.pitch_rmse())};
  };
  Table table;
  table.columns = {"", "mel-cepstral distortion, dB", "voicing errors, %", "pitch RMSE, Hz"};
  table.rows = {row("network", result.network.sum), row(kVoiceFloor, result.floor.sum)};
  return {
      "On what was held out",
      "How far what the voice says is from the recordings of the same sentences, whose frames are paired by dynamic time "
      "warping: the spectrum without loudness, whether there is a voice, and how high it is where both have one.",
      {{"", table}}};
}

Curve Pitch(const std::string& name, const std::vector<float>& frames, const VocoderOptions& vocoder) {
  Curve curve{name, {}, {}};
  for (size_t t = 0; t < frames.size() / vocoder.width(); ++t) {
    const float* frame = frames.data() + t * vocoder.width();
    const bool voiced = frame[vocoder.voicing()] > 0.5F;
    curve.x.push_back((static_cast<double>(t) + 0.5) * vocoder.step_ms / 1000);
    curve.y.push_back(voiced ? std::exp(double{frame[vocoder.pitch()]}) : NAN);
  }
  return curve;
}

// The spectrum of the mel-cepstrum, low frequencies at the bottom.
HeatMap Spectrogram(const std::vector<float>& frames, const VocoderOptions& vocoder) {
  const size_t T = frames.size() / vocoder.width();
  const MelCepstrum cepstrum(vocoder.order, MelWarp(vocoder.rate), kRows);
  HeatMap map{"frequency", "time", kRows, T, std::vector<double>(kRows * T), {}, kNepers};
  std::vector<double> logs(kRows);
  double mean = 0;
  for (size_t t = 0; t < T; ++t) {
    cepstrum.ToLog(std::span(frames).subspan(t * vocoder.width(), vocoder.order + 1), logs);
    for (size_t k = 0; k < kRows; ++k) {
      map.values[(kRows - 1 - k) * T + t] = logs[k];
      mean += logs[k] / static_cast<double>(kRows * T);
    }
  }
  for (double& value : map.values) value -= mean;
  return map;
}

void AddPictures(const VoiceNetwork& network, const std::vector<SpokenSentence>& held_out, Threads& threads,
                 Report& report) {
  const VoiceDesign& design = network.design();
  const auto most = static_cast<size_t>(kMostDrawn * 1000 / design.vocoder.step_ms) * design.vocoder.width();
  size_t shown = 0;
  for (const SpokenSentence& each : held_out) {
    if (shown == kShown) return;
    if (!WhyUnspeakable(each.symbols, design).empty() || each.frames.size() > most) continue;
    ++shown;
    const SpokenFrames spoken = SpeakSymbols(network, EncodeSymbols(each.symbols, design), each.durations, 1, threads);
    const std::string title = each.text.empty() ? each.place : each.text;
    const Speech said = SpeakSentence(network, each.symbols, {}, threads);
    LineChart pitch;
    pitch.x_label = "seconds";
    pitch.y_label = "Hz";
    pitch.curves = {Pitch("network", spoken.frames, design.vocoder), Pitch("recording", each.frames, design.vocoder)};
    report.sections.push_back(
        {"\"" + title + "\"",
         "A sentence that was held out. To listen to: as the voice says it, and the recording. Drawn, of "
         "the sentence said in the recording's own time: how high the voice is, and the spectra.",
         {{"network", SoundSample{WriteWav16(said.samples, said.rate)}},
          {"recording", SoundSample{WriteWav16(each.samples, said.rate)}},
          {"pitch", pitch},
          {"spectrum, network", Spectrogram(spoken.frames, design.vocoder)},
          {"spectrum, recording", Spectrogram(each.frames, design.vocoder)}}});
  }
}

std::vector<Fact> Facts(VoiceNetwork& network, const VoiceResult& result, const TrainingResult& training) {
  const VoiceDesign& design = network.design();
  return {{"Reads", fmt::format("{} {}", design.symbols.size() - 1, design.alphabet.unit())},
          {"Layers over the text", Describe(design.text)},
          {"Layers over frames", Describe(design.frames)},
          {"Frame", fmt::format("{} ms: a mel-cepstrum of order {}, pitch, voicing, noise", design.vocoder.step_ms,
                                design.vocoder.order)},
          {"Sound", fmt::format("{} samples a second", design.vocoder.rate)},
          {"Vocoder", DescribeVocoders(result.vocoders)},
          {"Weights", fmt::format("{}", CountWeights(network.parameters()))},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Report MakeVoiceReport(VoiceNetwork& network, const std::vector<SpokenSentence>& held_out, const VoiceResult& result,
                       const TrainingResult& training, std::string title, Threads& threads) {
  const Verdict verdict = JudgeVoice(result);
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  report.figures = {{"network, distortion", fmt::format("{:.2f} dB", result.network.sum.distortion())},
                    {kVoiceFloor, fmt::format("{:.2f} dB", result.floor.sum.distortion())}};
  report.facts = Facts(network, result, training);
  report.sections.push_back(Scores(result));
  AddPictures(network, held_out, threads, report);
  report.sections.push_back(LossSection(training.history, {}, "squared error"));
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy

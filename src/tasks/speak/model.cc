#include "tasks/speak/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "audio/speech_set.h"
#include "data/excerpt.h"
#include "data/utf8.h"
#include "eddy/error.h"
#include "model/encoder_json.h"
#include "model/stack_fits.h"
#include "tasks/speak/voice_sound.h"

namespace eddy {
namespace {

constexpr double kMostSymbolSeconds = 3, kMostSpokenSeconds = 600;
constexpr size_t kMostTextBytes = 1 << 14, kGoldenSymbols = 8, kGoldenFrames = 3, kGoldenSteps = 4;
constexpr size_t kMostStretched = 50;
constexpr double kTimesExpected = 5;  // that a symbol counts as having had the right durations before any is looked at

std::vector<float> FramesOf(const VoiceNetwork& network, std::span<const int32_t> symbols, std::span<const size_t> durations,
                            Threads& threads) {
  Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
  const Var text = network.ReadText(tape, MakeVoiceText(std::span(&symbols, 1)));
  const Tensor frames = tape.Value(network.Frames(tape, text, MakeVoicePlaces(std::span(&durations, 1))));
  return {frames.values().begin(), frames.values().end()};
}

// [S], in frames, before they are rounded.
std::vector<double> ExpectedDurations(const VoiceNetwork& network, std::span<const int32_t> symbols, Threads& threads) {
  const VoiceDesign& design = network.design();
  Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
  const Var text = network.ReadText(tape, MakeVoiceText(std::span(&symbols, 1)));
  const Tensor scaled = tape.Value(network.Durations(tape, text));
  const double most = kMostSymbolSeconds * 1000 / design.vocoder.step_ms;
  std::vector<double> durations;
  for (size_t s = 0; s < symbols.size(); ++s) {
    const double log_frames = double{scaled.values()[s]} * design.duration_deviation + design.duration_mean;
    const double factor = design.duration_factors[static_cast<size_t>(symbols[s])];
    durations.push_back(std::min(factor * std::exp(std::min(log_frames, 20.0)), most));
  }
  return durations;
}

std::vector<size_t> DurationsOf(const VoiceNetwork& network, std::span<const int32_t> symbols, double speed,
                                Threads& threads) {
  std::vector<size_t> durations;
  double left = 0;  // what rounding has taken so far
  for (const double expected : ExpectedDurations(network, symbols, threads)) {
    const double frames = expected / speed + left;
    durations.push_back(static_cast<size_t>(std::max(1.0, std::round(frames))));
    left = std::clamp(frames - static_cast<double>(durations.back()), -1.0, 1.0);
  }
  return durations;
}

void Unscale(std::span<float> frames, const VoiceDesign& design) {
  const size_t D = design.vocoder.width();
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i] = static_cast<float>(double{frames[i]} * design.deviation[i % D] + design.mean[i % D]);
  }
}

// Around the mean of the sentence, for all but loudness.
void Stretch(std::span<float> frames, const VoiceDesign& design, double sharpness) {
  const size_t D = design.vocoder.width(), T = frames.size() / D;
  for (size_t c = 1; c <= design.vocoder.order; ++c) {
    double mean = 0;
    for (size_t t = 0; t < T; ++t) mean += double{frames[t * D + c]} / static_cast<double>(T);
    const double factor = 1 + sharpness * (design.stretch[c] - 1);
    for (size_t t = 0; t < T; ++t) {
      frames[t * D + c] = static_cast<float>(mean + factor * (double{frames[t * D + c]} - mean));
    }
  }
}

// The sum of squared distances from the sentence's own mean, of each coefficient.
void AddSpread(std::span<const float> frames, size_t width, std::vector<double>& spread) {
  const size_t T = frames.size() / width;
  for (size_t c = 0; c < spread.size(); ++c) {
    double sum = 0, squares = 0;
    for (size_t t = 0; t < T; ++t) {
      const double value = double{frames[t * width + c]};
      sum += value;
      squares += value * value;
    }
    spread[c] += squares - sum * sum / static_cast<double>(T);
  }
}

std::vector<size_t> GivenDurations(const std::vector<SpokenSymbol>& given, const std::vector<std::string>& symbols,
                                   const VoiceDesign& design) {
  if (given.size() != symbols.size()) {
    Fail("speak", "the durations", fmt::format("of the {} symbols of the text", symbols.size()),
         fmt::format("of {}", given.size()));
  }
  std::vector<size_t> durations;
  for (size_t i = 0; i < given.size(); ++i) {
    if (given[i].symbol != symbols[i]) {
      Fail("speak", fmt::format("duration {}", i + 1), "of " + Excerpt(symbols[i]), "of " + Excerpt(given[i].symbol));
    }
    if (!(given[i].seconds > 0 && given[i].seconds <= kMostSymbolSeconds)) {
      Fail("speak", fmt::format("duration {}", i + 1), fmt::format("above 0, at most {} seconds", kMostSymbolSeconds),
           fmt::format("{} seconds", given[i].seconds));
    }
    durations.push_back(static_cast<size_t>(std::max(1.0, std::round(given[i].seconds * 1000 / design.vocoder.step_ms))));
  }
  return durations;
}

void CheckText(std::string_view text) {
  Require(InvalidUtf8(text) == text.size(), "speak", "the text", "UTF-8", "something else");
  Require(text.find('\0') == std::string_view::npos, "speak", "the text", "without zero bytes", "with one");
  if (text.size() > kMostTextBytes) {
    Fail("speak", "a sentence", fmt::format("of at most {} bytes", kMostTextBytes), fmt::format("of {}", text.size()));
  }
}

Tensor GoldenInput(const VoiceDesign& design) {
  Tensor input({kGoldenSymbols});
  for (size_t i = 0; i < kGoldenSymbols; ++i) input[i] = static_cast<Real>(i % design.symbols.size());
  return input;
}

// What a vocoder of its own makes of frames that are no sound yet: filters, after the first frames of these.
std::vector<Real> GoldenFilters(const NeuralVocoder& vocoder, std::span<const float> frames, Threads& threads) {
  VocoderBatch batch(vocoder.design(), kGoldenSteps, 1);
  batch.Fill(0, vocoder.design(), {frames, {}}, 0);
  Tape tape(threads, Tape::Mode::kInference, 0, vocoder.design().layers.precision);
  const Tensor filters = tape.Value(vocoder.Filters(tape, batch));
  return {filters.values().begin(), filters.values().end()};
}

// Of symbols that last a few frames each: frames [T, D], durations, and the filters of a vocoder of its own.
GoldenRun GoldenRunOf(const VoiceNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    Require(input.rank() == 1 && input.dim(0) >= 1 && input.dim(0) <= 1024, "load model", "the golden input",
            "of up to 1024 symbols", input.shape().ToString());
    std::vector<int32_t> symbols;
    for (const Real each : input.values()) {
      const bool known = each >= 0 && each < static_cast<Real>(network.design().symbols.size());
      Require(known, "load model", "the golden input", "of symbols of the voice", "not");
      symbols.push_back(static_cast<int32_t>(each));
    }
    const std::span<const int32_t> row = symbols;
    const std::vector<size_t> durations(symbols.size(), kGoldenFrames);
    const std::span<const size_t> lengths = durations;
    Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
    const Var text = network.ReadText(tape, MakeVoiceText(std::span(&row, 1)));
    const Tensor frames = tape.Value(network.Frames(tape, text, MakeVoicePlaces(std::span(&lengths, 1))));
    const Tensor logs = tape.Value(network.Durations(tape, text));
    std::vector<Real> all(frames.values().begin(), frames.values().end());
    all.insert(all.end(), logs.values().begin(), logs.values().end());
    if (network.vocoder()) {
      std::vector<float> unscaled(frames.values().begin(), frames.values().end());
      Unscale(unscaled, network.design());
      const std::vector<Real> filters = GoldenFilters(*network.vocoder(), unscaled, threads);
      all.insert(all.end(), filters.begin(), filters.end());
    }
    Tensor output = Tensor::Uninitialized({all.size()});
    std::copy(all.begin(), all.end(), output.data());
    return output;
  };
}

// Of a size that is proved; its weights come with those of the voice.
std::unique_ptr<NeuralVocoder> LoadVocoder(const Model& model, const VoiceDesign& voice) {
  const NeuralVocoderDesign design =
      NeuralVocoderFromJson(ObjectField(model.description, "vocoder"), voice.vocoder, voice.mean, voice.deviation);
  RequireFits(design.layers, model.tensors);
  RequireShape(model, "filters.b", {2 * design.taps});
  return std::make_unique<NeuralVocoder>(design, 0);
}

}  // namespace

SpokenFrames SpeakSymbols(const VoiceNetwork& network, std::span<const int32_t> symbols, std::span<const size_t> durations,
                          double speed, Threads& threads) {
  SpokenFrames spoken;
  spoken.durations = durations.empty() ? DurationsOf(network, symbols, speed, threads)
                                       : std::vector<size_t>(durations.begin(), durations.end());
  double frames = 0;
  for (const size_t each : spoken.durations) frames += static_cast<double>(each);
  Require(frames * network.design().vocoder.step_ms / 1000 <= kMostSpokenSeconds, "speak", "a sentence",
          "at most ten minutes long", "longer");
  spoken.frames = FramesOf(network, symbols, spoken.durations, threads);
  Unscale(spoken.frames, network.design());
  return spoken;
}

const NeuralVocoder* VocoderFor(const VoiceNetwork& network, const SpeakOptions& options) {
  if (options.vocoder == "source-filter") return nullptr;
  Require(options.vocoder == "auto" || network.vocoder(), "speak", "the voice", "one with a neural vocoder",
          "one without: it was trained with --vocoder-epochs 0, or the source-filter vocoder was better");
  return network.vocoder();
}

Speech SpeakText(const VoiceNetwork& network, std::string_view text, const SpeakOptions& options, Threads& threads,
                 const SoundSink& sink) {
  const VoiceDesign& design = network.design();
  CheckText(text);
  const std::vector<std::string> symbols = SymbolReader(design.alphabet, design.edge)(SqueezeSpaces(text));
  Require(!symbols.empty(), "speak", "the text", "not empty", "empty");
  return SpeakSentence(network, symbols, options, threads, sink);
}

Speech SpeakSentence(const VoiceNetwork& network, const std::vector<std::string>& symbols, const SpeakOptions& options,
                     Threads& threads, const SoundSink& sink) {
  const VoiceDesign& design = network.design();
  const std::string why = WhyUnspeakable(symbols, design);
  if (!why.empty()) Fail("speak", "the text", "of what the voice has learned", "with " + why);
  const std::vector<size_t> durations =
      options.durations.empty() ? std::vector<size_t>() : GivenDurations(options.durations, symbols, design);
  SpokenFrames spoken = SpeakSymbols(network, EncodeSymbols(symbols, design), durations, options.speed, threads);
  Stretch(spoken.frames, design, options.sharpness);
  const size_t D = design.vocoder.width();
  const auto higher = static_cast<float>(std::log(options.pitch));
  for (size_t at = design.vocoder.pitch(); at < spoken.frames.size(); at += D) spoken.frames[at] += higher;
  Speech speech;
  speech.rate = design.vocoder.rate;
  VoiceSound sound(spoken.frames, design.vocoder, VocoderFor(network, options), threads);
  for (std::vector<float> piece = sound.Next(); !piece.empty(); piece = sound.Next()) {
    speech.samples.insert(speech.samples.end(), piece.begin(), piece.end());
    if (sink && !sink(piece)) break;
  }
  for (size_t i = 0; i < symbols.size(); ++i) {
    speech.symbols.push_back({symbols[i], static_cast<double>(spoken.durations[i]) * design.vocoder.step_ms / 1000});
  }
  return speech;
}

void MatchDurations(VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads) {
  const VoiceDesign& design = network.design();
  std::vector<double> recorded, said;
  for (const double mean : design.mean_durations) recorded.push_back(kTimesExpected * mean);
  said = recorded;
  for (const EncodedSentence& each : sentences) {
    const std::vector<double> durations = ExpectedDurations(network, each.symbols, threads);
    for (size_t s = 0; s < each.symbols.size(); ++s) {
      const auto v = static_cast<size_t>(each.symbols[s]);
      recorded[v] += static_cast<double>(each.durations[s]);
      said[v] += durations[s] / design.duration_factors[v];
    }
  }
  std::vector<double> factors;
  for (size_t v = 0; v < recorded.size(); ++v) factors.push_back(std::clamp(recorded[v] / said[v], 0.1, 10.0));
  network.SetDurationFactors(std::move(factors));
}

void MatchVariance(VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads) {
  const VoiceDesign& design = network.design();
  std::vector<double> recorded(design.vocoder.order + 1), said(design.vocoder.order + 1);
  for (size_t i = 0; i < std::min(kMostStretched, sentences.size()); ++i) {
    const EncodedSentence& each = sentences[i];
    AddSpread(each.frames, design.vocoder.width(), recorded);
    AddSpread(FramesOf(network, each.symbols, each.durations, threads), design.vocoder.width(), said);
  }
  std::vector<double> stretch;
  for (size_t c = 0; c < recorded.size(); ++c) {
    stretch.push_back(said[c] > 0 ? std::clamp(std::sqrt(std::max(recorded[c], 0.0) / said[c]), 1.0, 3.0) : 1);
  }
  network.SetStretch(std::move(stretch));
}

Model MakeVoiceModel(VoiceNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kSpeakTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.precision();
  if (network.vocoder()) model.description["vocoder"] = ToJson(network.vocoder()->design());
  StoreNetwork(network.parameters(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  if (network.design().alphabet.sounds) network.design().alphabet.sounds->AddTo(model);
  return model;
}

VoiceNetwork LoadVoice(const Model& packed, Threads& threads) {
  RequireTask(packed, kSpeakTask);
  Model model = packed;
  const std::shared_ptr<const SpellingSounds> sounds = SpellingSounds::TakeFrom(model);
  VoiceDesign design = VoiceDesignFromJson(model.description);
  design.alphabet.sounds = sounds;
  RequireFits(design.text, model.tensors);
  RequireFits(design.frames, model.tensors);
  RequireShape(model, "embedding.W", {design.symbols.size(), design.embedding});
  RequireShape(model, "head.b", {design.vocoder.width()});
  VoiceNetwork network(design, 0);
  if (model.description.contains("vocoder")) network.SetVocoder(LoadVocoder(model, design));
  RestoreNetwork(model, network.parameters(), GoldenRunOf(network, threads));
  return network;
}

}  // namespace eddy

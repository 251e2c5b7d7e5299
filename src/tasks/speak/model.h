// Voice: a trained network with what is around it: the frames and the sound of a text, and how it gets to a model file and
// back.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "eddy/tasks/speak.h"
#include "model/model_file.h"
#include "tasks/speak/network.h"

namespace eddy {

inline constexpr const char* kSpeakTask = "speak";

struct SpokenFrames {
  std::vector<size_t> durations;  // frames of each symbol
  std::vector<float> frames;      // [T, width], as the vocoder has them
};

// What the network makes of symbols; of its own durations, divided by `speed`, where none are given.
SpokenFrames SpeakSymbols(const VoiceNetwork& network, std::span<const int32_t> symbols, std::span<const size_t> durations,
                          double speed, Threads& threads);

// Is given sound as it is made, piece by piece; false ends it.
using SoundSink = std::function<bool(std::span<const float> samples)>;

// Throws Error where the vocoder that is asked for is one that the voice does not have; null for the source-filter vocoder.
const NeuralVocoder* VocoderFor(const VoiceNetwork& network, const SpeakOptions& options);

// The whole way from text to sound. Throws Error for text that cannot be said.
Speech SpeakText(const VoiceNetwork& network, std::string_view text, const SpeakOptions& options, Threads& threads,
                 const SoundSink& sink = {});

// The same of symbols with those of silence at both ends.
Speech SpeakSentence(const VoiceNetwork& network, const std::vector<std::string>& symbols, const SpeakOptions& options,
                     Threads& threads, const SoundSink& sink = {});

// Gives the network the factors with which its durations of the symbols of these sentences add up to the true ones.
void MatchDurations(VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads);

// Gives the network the stretch with which its spectra of these sentences vary as recorded ones do.
void MatchVariance(VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads);

// `training` is provenance: for people, and for `evaluate` to know what it has seen.
Model MakeVoiceModel(VoiceNetwork& network, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
VoiceNetwork LoadVoice(const Model& packed, Threads& threads);

}  // namespace eddy

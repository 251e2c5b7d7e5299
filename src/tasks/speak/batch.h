// Sentences as a voice's network reads them, and batches of them. Shapes: S symbols, T frames, B rows, D numbers a frame.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tensor.h"
#include "tasks/speak/data.h"
#include "tasks/speak/design.h"

namespace eddy {

struct EncodedSentence {
  std::vector<int32_t> symbols;   // [S]
  std::vector<size_t> durations;  // [S] frames
  std::vector<float> frames;      // [T, D], scaled
  std::vector<uint8_t> voiced;    // [T]

  size_t steps() const { return voiced.size(); }
};

// The first symbol that the voice does not know, in words; empty where it knows all.
std::string WhyUnspeakable(const std::vector<std::string>& symbols, const VoiceDesign& design);
std::vector<int32_t> EncodeSymbols(const std::vector<std::string>& symbols, const VoiceDesign& design);  // of known ones
EncodedSentence EncodeSentence(const SpokenSentence& sentence, const VoiceDesign& design);

struct VoiceText {
  std::vector<int32_t> symbols;  // [S, B]; those beyond a row's length are 0
  Sequence sequence;
};
VoiceText MakeVoiceText(std::span<const std::span<const int32_t>> rows);

// Which symbol each frame is of, and where in it.
struct VoicePlaces {
  std::vector<int32_t> symbols;  // [T, B]: rows of [S, B]; 0 beyond a row's length
  Tensor places;                 // [T, B, kPlaceWidth]
  Sequence sequence;
};
VoicePlaces MakeVoicePlaces(std::span<const std::span<const size_t>> durations);

struct VoiceTargets {
  Tensor frames, frame_weights;        // [T, B, D]
  Tensor durations, duration_weights;  // [S, B, 1]
};
VoiceTargets MakeVoiceTargets(std::span<const EncodedSentence* const> rows, const VoiceDesign& design);

double ScaledDuration(double frames, const VoiceDesign& design);

}  // namespace eddy

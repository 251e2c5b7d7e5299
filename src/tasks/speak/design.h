// VoiceDesign: what a voice is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <string>
#include <vector>

#include "audio/vocoder.h"
#include "data/vocabulary.h"
#include "eddy/encoder.h"
#include "model/json.h"
#include "tasks/speak/alphabet.h"

namespace eddy {

struct VoiceDesign {
  VocoderOptions vocoder;
  VoiceAlphabet alphabet;
  std::string edge;    // the symbol of silence at both ends
  Vocabulary symbols;  // V

  // How frames [width] and the logarithms of durations in frames are scaled.
  std::vector<double> mean, deviation;
  double duration_mean = 0, duration_deviation = 1;
  // [V]: what the durations of each symbol are multiplied by. The network says means of logarithms, and e to these is less
  // than the mean duration, most of all where durations vary most, as those of silence do.
  std::vector<double> duration_factors;
  // What the spectra that the network says are stretched by around their mean so that they vary as recorded ones do, for
  // each coefficient of the mel-cepstrum (the global variance of Toda 2007).
  std::vector<double> stretch;

  // Of each symbol the mean frame [V, width] and the mean duration in frames [V]: the floor.
  std::vector<double> mean_frames, mean_durations;

  size_t embedding = 64;
  double dropout = 0;
  EncoderOptions text, frames;
};

// What the layers over frames read beside the text: the share of the symbol that has passed, its square, and how long it is.
inline constexpr size_t kPlaceWidth = 3;

void RequireValid(const VoiceDesign& design);  // throws Error for sizes out of range

// In two parts, "speak" (what is read and said) and "network"; without the model of sounds (sounds.h).
Json ToJson(const VoiceDesign& design);
VoiceDesign VoiceDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy

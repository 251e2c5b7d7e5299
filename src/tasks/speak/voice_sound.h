// VoiceSound: the sound of a voice's frames, a piece at a time, with the same samples as at once. Each piece costs what its
// length costs, so that the first one is heard at once, however long the whole is.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "audio/vocoder.h"
#include "eddy/threads.h"
#include "tasks/speak/neural_vocoder.h"

namespace eddy {

class VoiceSound {
 public:
  // Frames [n, D], at least one. By the source-filter vocoder where `neural` is null. All must outlive it.
  VoiceSound(std::span<const float> frames, const VocoderOptions& vocoder, const NeuralVocoder* neural, Threads& threads);
  ~VoiceSound();

  // The next tenth of a second, less at the end, empty behind it. Within +-0.99 of full scale: what is louder than 0.9 is
  // bent below that, and the rest left as it is.
  std::vector<float> Next();
  std::vector<float> Rest();  // all that Next() would give from here on

 private:
  class Filtered;

  VoiceSynthesiser source_;
  const size_t piece_;  // samples
  std::unique_ptr<Filtered> filtered_;
};

}  // namespace eddy

// NeuralVocoder: the sound of a voice's frames, nearer to the voice than what the source-filter vocoder (audio/vocoder.h)
// makes of them. For each step of 2.5 ms a recurrent network over the frames says two filters, one for the pulses and one
// for the noise of that vocoder, each of a few milliseconds on both sides; the sound is the sum of what passes them. Filters
// glide from step to step, so that nothing clicks. It is trained on spectra (SpectralLoss), without feeding back its own
// sound, so that speaking is as training was (Wang 2019; the filters are those of Liu 2020, the steps those of Valin 2024).
// Untrained it passes on the sound of the source-filter vocoder as it is.
//
// Shapes: T steps, B rows, S samples a step, K taps of a filter, D numbers a frame.
#pragma once

#include <span>
#include <vector>

#include "audio/vocoder.h"
#include "eddy/encoder.h"
#include "eddy/linear.h"
#include "model/json.h"

namespace eddy {

struct NeuralVocoderDesign {
  VocoderOptions vocoder;
  std::vector<double> mean, deviation;  // [D], by which frames are scaled
  size_t step = 0, taps = 0;            // S and K, in samples; K is even
  EncoderOptions layers;                // causal
};

// Of one layer of `hidden` units.
NeuralVocoderDesign DefaultNeuralVocoder(const VocoderOptions& vocoder, const std::vector<double>& mean,
                                         const std::vector<double>& deviation, size_t hidden);

// A part of a voice's sound as the source-filter vocoder makes it, from sample `begin` on.
struct VoiceSource {
  std::span<const float> frames;  // [n, D], of the whole
  const VoiceParts& parts;
  size_t begin = 0;
};

// What the network reads and filters.
struct VocoderBatch {
  VocoderBatch(const NeuralVocoderDesign& design, size_t steps, size_t rows);
  // Steps [first, first + T) of a source, as a row; where it has no samples there is silence.
  void Fill(size_t row, const NeuralVocoderDesign& design, const VoiceSource& source, size_t first);

  Sequence sequence;
  Tensor features;       // [T, B, features]
  Tensor pulses, noise;  // [T, B, S + K - 1]
};

class NeuralVocoder {
 public:
  // Throws Error for a design out of range.
  NeuralVocoder(const NeuralVocoderDesign& design, uint64_t seed);

  // What one piece of a sound hands on to the next.
  struct State {
    std::vector<Tensor> layers;
    Tensor filters;  // of the last step [B, 2 K]; empty at the beginning
  };
  Var Filters(Tape& tape, const VocoderBatch& batch, State* state = nullptr) const;  // [T, B, 2 K]: pulses' and noise's
  Var Forward(Tape& tape, const VocoderBatch& batch, State* state = nullptr) const;  // [T, B, S]: samples

  const NeuralVocoderDesign& design() const { return design_; }
  void SetPrecision(Precision precision);
  std::vector<Parameter*> parameters();

 private:
  NeuralVocoderDesign design_;
  Random random_;  // of the weights at the start
  Encoder layers_;
  LinearLayer filters_;
};

// Of the design apart from what it shares with the voice: the vocoder's options and the scaling.
Json ToJson(const NeuralVocoderDesign& design);
// Throws Error for what is missing or out of range.
NeuralVocoderDesign NeuralVocoderFromJson(const Json& description, const VocoderOptions& vocoder,
                                          const std::vector<double>& mean, const std::vector<double>& deviation);

}  // namespace eddy

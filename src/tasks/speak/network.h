// VoiceNetwork: symbols -> embedding -> layers over the text -> the duration of each symbol; what the layers say of each
// symbol, repeated for its frames, with the place in it -> layers over frames -> frames. Shapes: S symbols, T frames, B
// rows, D numbers a frame.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/linear.h"
#include "tasks/speak/batch.h"
#include "tasks/speak/neural_vocoder.h"

namespace eddy {

class VoiceNetwork {
 public:
  // Throws Error for a design out of range.
  VoiceNetwork(const VoiceDesign& design, uint64_t seed);

  Var ReadText(Tape& tape, const VoiceText& text) const;              // [S, B, H]
  Var Durations(Tape& tape, Var text) const;                          // [S, B, 1], scaled logarithms
  Var Frames(Tape& tape, Var text, const VoicePlaces& places) const;  // [T, B, D], scaled

  const VoiceDesign& design() const { return design_; }
  void SetDurationFactors(std::vector<double> factors) { design_.duration_factors = std::move(factors); }
  void SetStretch(std::vector<double> stretch) { design_.stretch = std::move(stretch); }
  // That of its own, where it has one that is better than the source-filter vocoder; null otherwise.
  const NeuralVocoder* vocoder() const { return vocoder_.get(); }
  NeuralVocoder* vocoder() { return vocoder_.get(); }
  void SetVocoder(std::unique_ptr<NeuralVocoder> vocoder) { vocoder_ = std::move(vocoder); }
  Precision precision() const { return design_.frames.precision; }
  void SetPrecision(Precision precision);  // of the products of the trained network
  std::vector<Parameter*> parameters();    // the vocoder's, too

 private:
  VoiceDesign design_;
  Random random_;  // of the weights at the start
  OwnedParameter embedding_;
  Encoder text_;
  LinearLayer duration_head_;
  Encoder frames_;
  LinearLayer frame_head_;
  std::unique_ptr<NeuralVocoder> vocoder_;
};

}  // namespace eddy

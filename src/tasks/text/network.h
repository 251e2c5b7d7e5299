// TextNetwork: embedding -> dropout -> layers -> dropout -> softmax over the vocabulary. It predicts the next
// token from those before it. Shapes: T steps, B rows, V tokens in the vocabulary.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/tape.h"

namespace eddy {

struct TextDesign {
  size_t vocabulary = 0;   // V
  size_t embedding = 0;    // width of a token's vector
  bool tied = false;       // the softmax has the embedding for its weights (Press 2017): their widths must agree
  double dropout = 0;      // of the embedding and of what enters the softmax
  EncoderOptions encoder;  // causal; its input is set to `embedding`
};

class TextNetwork {
 public:
  // Throws Error for options out of range.
  TextNetwork(const TextDesign& options, uint64_t seed);

  // tokens [T, B] -> [T, B, width], as Encoder's.
  Var Read(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence, Segment* segment = nullptr);
  Var Embed(Tape& tape, std::span<const int32_t> tokens, const Sequence& sequence);  // [T, B, embedding]
  Var Logits(Tape& tape, Var y);                                                     // [..., V], of what Read made or a part

  const TextDesign& options() const { return options_; }
  void SetPrecision(Precision precision);  // of the products of the trained network
  Encoder& encoder() { return encoder_; }
  const Encoder& encoder() const { return encoder_; }
  const Tensor& embedding() const { return embedding_.value; }  // [V, embedding]
  const Tensor& softmax_weight() const { return options_.tied ? embedding_.value : softmax_weight_.value; }  // [V, width]
  const Tensor& softmax_bias() const { return softmax_bias_.value; }                                         // [V]
  std::vector<Parameter*> parameters();

 private:
  TextDesign options_;
  Random random_;  // of the weights at the start
  Parameter embedding_;
  Encoder encoder_;
  Parameter softmax_weight_;  // empty when tied
  Parameter softmax_bias_;
};

}  // namespace eddy

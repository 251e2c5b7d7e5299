// ComposeNetwork: what stood before each step -> causal layers -> dropout -> linear: the probabilities of the step. Of
// frames these are of the piano's keys, jointly (eddy/nade.h) or each by itself; of events a softmax. A network that
// harmonises reads the melody in both directions first, and its layers what came of that beside the frame before. Shapes: T
// steps, B rows, K keys.
#pragma once

#include <cstdint>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/recurrent.h"
#include "tasks/compose/batch.h"

namespace eddy {

class ComposeNetwork {
 public:
  // Throws Error for a design out of range.
  ComposeNetwork(const ComposeDesign& design, uint64_t seed);

  // What the layers read: [T, B, inputs()].
  Var Inputs(Tape& tape, const MusicBatch& batch);
  Var ReadMelody(Tape& tape, Var melody, const Sequence& sequence);  // [T, B, K] -> [T, B, width]
  Var Outputs(Tape& tape, Var y);                                    // of what the layers put out: [T, B, outputs()]
  // The mean over the steps that count of -ln p, in nats.
  Var Loss(Tape& tape, Var outputs, const MusicBatch& batch);
  Var Loss(Tape& tape, const MusicBatch& batch);

  const ComposeDesign& design() const { return design_; }
  Encoder& encoder() { return encoder_; }
  const Encoder& encoder() const { return encoder_; }
  const Tensor& embedding() const { return embedding_.value; }      // [tokens, width]
  const Tensor& head_weight() const { return head_weight_.value; }  // [outputs(), width]
  Tensor& head_bias() { return head_bias_.value; }                  // [outputs()]
  const Tensor& head_bias() const { return head_bias_.value; }
  const Tensor& write() const { return write_.value; }  // [K, key_units], of joint keys
  const Tensor& read() const { return read_.value; }
  void SetPrecision(Precision precision);  // of the products of the trained network
  std::vector<Parameter*> parameters();

 private:
  ComposeDesign design_;
  Random random_;        // of the weights at the start
  Parameter embedding_;  // of events
  RecurrentStack melody_;
  Encoder encoder_;
  Parameter head_weight_, head_bias_;
  Parameter write_, read_;
};

}  // namespace eddy

// ClassifierNetwork: words' vectors or scaled numbers -> dropout -> layers -> their largest and mean outputs over
// time -> dropout -> linear -> softmax over the classes. Shapes: T steps, B rows, D inputs, C classes.
#pragma once

#include <cstdint>
#include <vector>

#include "eddy/encoder.h"
#include "tasks/classifier_batch.h"

namespace eddy {

class ClassifierNetwork {
 public:
  // Throws Error for a design out of range.
  ClassifierNetwork(const ClassifierDesign& design, uint64_t seed);

  Var Read(Tape& tape, const ClassifierBatch& batch);          // what the layers read: [T, B, D]
  Var Logits(Tape& tape, Var read, const Sequence& sequence);  // [B, C]

  const ClassifierDesign& design() const { return design_; }
  const Encoder& encoder() const { return encoder_; }
  void SetPrecision(Precision precision);           // of the products of the trained network
  Tensor& embedding() { return embedding_.value; }  // [V, D] of sentences
  Tensor& head_bias() { return head_bias_.value; }  // [C]
  // Divides all logits by this from now on.
  void SetTemperature(double temperature);
  std::vector<Parameter*> parameters();

 private:
  ClassifierDesign design_;
  Random random_;        // of the weights at the start
  Parameter embedding_;  // [V, D] of sentences; empty for series
  Encoder encoder_;
  Parameter head_weight_, head_bias_;  // [C, 2 * width], [C]
};

}  // namespace eddy

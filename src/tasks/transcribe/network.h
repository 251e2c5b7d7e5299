// TranscriberNetwork: two convolutions over frames, which make steps of them -> dropout -> layers -> dropout -> linear: the
// logits of each step's labels and of the blank. Shapes: T frames, T' steps, B rows, D numbers a frame, V classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/conv1d.h"
#include "eddy/encoder.h"
#include "eddy/linear.h"
#include "tasks/transcribe/batch.h"

namespace eddy {

class TranscriberNetwork {
 public:
  // Throws Error for a design out of range.
  TranscriberNetwork(const TranscriberDesign& design, uint64_t seed);

  struct Output {
    Var logits;         // [T', B, V]
    Sequence sequence;  // of them
  };
  Output Logits(Tape& tape, const FrameBatch& batch) const;

  const TranscriberDesign& design() const { return design_; }
  const Conv1d& first() const { return first_; }
  const Conv1d& second() const { return second_; }
  const Encoder& encoder() const { return encoder_; }
  const LinearLayer& head() const { return head_; }
  Precision precision() const { return design_.encoder.precision; }
  void SetPrecision(Precision precision);                             // of the products of the trained network
  void SetTemperature(double temperature);                            // divides all logits by this from now on
  const Tensor& head_bias() { return head_.parameters()[1]->value; }  // [V]
  std::vector<Parameter*> parameters();

 private:
  TranscriberDesign design_;
  Random random_;  // of the weights at the start
  Conv1d first_, second_;
  Encoder encoder_;
  LinearLayer head_;
};

}  // namespace eddy

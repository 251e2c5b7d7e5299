// Multi-head self attention as a mixer.
#pragma once

#include "eddy/mixer.h"
#include "eddy/multi_head_attention.h"

namespace eddy {

class AttentionMixer final : public Mixer {
 public:
  AttentionMixer(size_t width, const AttentionOptions& attention, const std::string& name, Random& random)
      : layer_({width, width, width, attention}, name, random) {}

  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const override {
    return layer_.Forward(tape, x, sequence, segment);
  }
  std::vector<size_t> state_widths() const override { return layer_.state_widths(); }
  std::vector<Parameter*> parameters() override { return layer_.parameters(); }
  std::unique_ptr<MixerStep> MakeStep(size_t steps, size_t rows, Precision precision) const override;

 private:
  MultiHeadAttention layer_;
};

}  // namespace eddy

// The mixer of RecurrentBlocks (recurrent_blocks.h): y = GroupNorm(cell(swish(Convolution(x)))).
#pragma once

#include "eddy/conv1d.h"
#include "eddy/mixer.h"
#include "eddy/recurrent.h"

namespace eddy {

class CellMixer final : public Mixer {
 public:
  CellMixer(size_t width, const std::string& cell, size_t groups, size_t kernel, const std::string& name, Random& random);

  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const override;
  std::vector<size_t> state_widths() const override;
  std::vector<Parameter*> parameters() override;
  std::unique_ptr<MixerStep> MakeStep(size_t steps, size_t rows, Precision precision) const override;

 private:
  friend class CellMixerStep;
  size_t groups_;
  Conv1d convolution_;
  RecurrentStack recurrence_;
  OwnedParameter gain_;
};

}  // namespace eddy

// The recurrent mixer of Griffin (griffin.h): y = Wo (gelu(Wg x) * rg_lru(Convolution(Wx x))).
#pragma once

#include "eddy/conv1d.h"
#include "eddy/mixer.h"
#include "eddy/recurrent.h"

namespace eddy {

class GatedRecurrence final : public Mixer {
 public:
  GatedRecurrence(size_t width, size_t kernel, const std::string& name, Random& random);

  Var Forward(Tape& tape, Var x, const Sequence& sequence, Segment* segment) const override;
  std::vector<size_t> state_widths() const override;
  std::vector<Parameter*> parameters() override;
  std::unique_ptr<MixerStep> MakeStep(size_t steps, size_t rows, Precision precision) const override;

 private:
  friend class GatedRecurrenceStep;
  OwnedParameter Wg_, Wx_, Wo_;
  Conv1d convolution_;
  RecurrentStack recurrence_;
};

}  // namespace eddy

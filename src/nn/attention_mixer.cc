#include "nn/attention_mixer.h"

#include "nn/attention_step.h"

namespace eddy {

std::unique_ptr<MixerStep> AttentionMixer::MakeStep(size_t steps, size_t rows, Precision precision) const {
  return std::make_unique<AttentionStep>(layer_, steps, rows, precision);
}

}  // namespace eddy

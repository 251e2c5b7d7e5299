// One step of causal self attention: the projections of Attention's whole sequence, and caches of the keys and values that
// the query sees, so it gives the same bits.
#pragma once

#include <vector>

#include "eddy/multi_head_attention.h"
#include "nn/key_value_cache.h"
#include "nn/mixer_step.h"
#include "nn/projection.h"

namespace eddy {

class AttentionStep final : public MixerStep {
 public:
  // As AttentionStream.
  AttentionStep(const MultiHeadAttention& layer, size_t steps, size_t rows, Precision precision);

  size_t state_size() const override { return kCaches + rows_ * options_.heads * cache_.size(); }
  size_t output_size() const { return out_.size(); }
  void Reset(Real* state) noexcept override;
  bool Step(Real* state, const Real* input, Real* output) noexcept override;

 private:
  // What a state holds: where in the rings the next step goes, how many steps are kept, the number of steps run, and the
  // caches [B, heads].
  enum : size_t { kPlace, kKept, kRun, kCaches = kRun + 2 };

  AttentionOptions options_;
  size_t rows_, head_width_, most_;
  Projection query_, key_, value_, out_;
  KeyValueCache cache_;
  std::vector<Real> queries_, keys_, values_, attended_;  // [B, H]
  std::vector<Real> factors_;                             // of rotary positions
};

}  // namespace eddy

// A voice as something the training loop can train: the squared errors of its frames and durations.
#pragma once

#include <optional>
#include <vector>

#include "data/epochs.h"
#include "tasks/speak/network.h"
#include "train/process_exchange.h"
#include "train/shared_looks.h"

namespace eddy {

struct VoiceBatching {
  size_t rows = 8;    // sentences in a batch, of similar length
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

// The loss of some sentences: the weighted mean squared error of scaled frames, plus a share of that of scaled logarithms of
// durations. The processes of a group share them out, and each gets the same.
double MeasureVoice(const VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads,
                    ProcessGroup& group = Alone());

class VoiceTraining : public SharesLooks {
 public:
  // All references must outlive it. `held_out` may be empty. Throws Error where there is nothing to learn.
  VoiceTraining(VoiceNetwork& network, const std::vector<EncodedSentence>& train,
                const std::vector<EncodedSentence>& held_out, const VoiceBatching& batching, uint64_t seed, Threads& threads,
                Precision precision = Precision::kFloat32);

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return epochs_.steps(); }
  double units_per_step() const override;  // frames
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override { epochs_.Begin(step); }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  VoiceNetwork& network_;
  const std::vector<EncodedSentence>& train_;
  const std::vector<EncodedSentence>& held_out_;
  const VoiceBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  double frames_ = 0;
  Epochs epochs_;
};

}  // namespace eddy

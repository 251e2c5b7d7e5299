// A transcriber as something the training loop can train: the CTC loss of its labels, a character.
#pragma once

#include <optional>
#include <vector>

#include "data/epochs.h"
#include "tasks/transcribe/splicing.h"
#include "train/shared_looks.h"

namespace eddy {

struct TranscriberBatching {
  size_t rows = 16;   // recordings in a batch, of similar length
  size_t shards = 1;  // of a step (eddy/trainable.h)
  size_t time_masks = 0, frequency_masks = 0;
  double splices = 0;  // that another word follows than the one that does (splicing.h)
};

class TranscriberTraining : public SharesLooks {
 public:
  // All references must outlive it. `held_out` may be empty. `precision` is that of the products in training; Validate()
  // computes in float32. Throws Error where there is nothing to learn.
  TranscriberTraining(TranscriberNetwork& network, const std::vector<EncodedUtterance>& train,
                      const std::vector<EncodedUtterance>& held_out, const TranscriberBatching& batching, uint64_t seed,
                      Threads& threads, Precision precision = Precision::kFloat32);

  // Sets the head's bias to the logarithm of the shares that labels and the blank have where every label takes one
  // step: else training begins with learning that most steps are blank. To be called once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return epochs_.steps(); }
  double units_per_step() const override;  // frames
  size_t shards() const override { return batching_.shards; }
  // Listens anew to where words end every time that half as many epochs more are done.
  void BeginStep(int64_t step) override;
  void TakeBackStep() override;
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  // At the temperature that fits best, so that growing certainty alone does not count against the network.
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;
  TaskState SaveState() const override;
  void LoadState(const TaskState& stored) override;

 private:
  struct Row {
    std::vector<float> frames;
    std::vector<int32_t> labels;
  };
  Row MakeRow(size_t recording, size_t place, uint64_t key) const;

  TranscriberNetwork& network_;
  const std::vector<EncodedUtterance>& train_;
  const std::vector<EncodedUtterance>& held_out_;
  const TranscriberBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  double frames_ = 0;
  Epochs epochs_;
  Splicing splicing_;
  std::optional<std::vector<float>> before_;  // places at which recordings were parted, before a step that has listened
};

}  // namespace eddy

// A classifier as something the training loop can train: the softmax cross-entropy of the examples' classes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/epochs.h"
#include "tasks/classify/network.h"
#include "train/shared_looks.h"

namespace eddy {

struct LabelledExamples {
  EncodedExamples examples;
  std::vector<int32_t> targets;
};

// Some of them, valid as long as they are.
struct LabelledSample {
  std::vector<EncodedExample> examples;
  std::vector<int32_t> targets;

  LabelledSample() = default;
  LabelledSample(const LabelledExamples& all) : examples(all.examples.All()), targets(all.targets) {}
  LabelledSample(const LabelledExamples& all, const std::vector<size_t>& places);
};

struct ClassifierBatching {
  size_t rows = 32;
  size_t shards = 1;  // of a step (eddy/trainable.h)
  // How much rare classes are favoured: an epoch draws an example of a class with n examples about n^-balance times as often
  // as otherwise. 0 leaves the classes as they are, 1 makes them equal.
  double balance = 0;
  double word_dropout = 0;  // share of a sentence's tokens that are read as the unknown one
};

class ClassifierTraining : public SharesLooks {
 public:
  // All references, and what is held out, must outlive it. `held_out` may be empty. `precision` is that of the products in
  // training; Validate() computes in float32.
  ClassifierTraining(ClassifierNetwork& network, const LabelledExamples& train, LabelledSample held_out,
                     const ClassifierBatching& batching, uint64_t seed, Threads& threads,
                     Precision precision = Precision::kFloat32);
  ClassifierTraining(const ClassifierTraining&) = delete;
  ClassifierTraining& operator=(const ClassifierTraining&) = delete;

  // Sets the head's bias to the logarithm of the classes' shares, and the words' vectors as word_start.h says. To be called
  // once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return epochs_.steps(); }
  double units_per_step() const override;
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override { epochs_.Begin(step); }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  // The loss at the temperature that fits best (temperature.h), which the finished network is given: growing certainty alone
  // does not count against it.
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  std::vector<size_t> DrawEpoch(Random& random) const;

  ClassifierNetwork& network_;
  const LabelledExamples& train_;
  const LabelledSample held_out_;
  const ClassifierBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  std::vector<double> draws_;  // of an example of each class, in an epoch, on average
  Epochs epochs_;
};

}  // namespace eddy

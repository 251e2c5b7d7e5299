// A tagger as something the training loop can train: TaggerNetwork::Loss.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/epochs.h"
#include "tasks/tag/network.h"
#include "tasks/tag/scores.h"
#include "train/shared_looks.h"

namespace eddy {

struct TaggedTokens {
  EncodedTokens tokens;
  TagIds tags;
};

struct TaggerBatching {
  size_t rows = 16;
  size_t shards = 1;  // of a step (eddy/trainable.h)
  // How often a word that occurs once in training is read as the unknown one, so that it has a vector worth having. A word
  // that occurs n times is so in a / (a + n) of its places, with a = word_dropout / (1 - word_dropout) (Kiperwasser and
  // Goldberg 2016, section 4.1).
  double word_dropout = 0;
};

class TaggerTraining : public SharesLooks {
 public:
  // All references must outlive it. `held_out` may be empty. `precision` is that of the products in training; Validate()
  // computes in float32.
  TaggerTraining(TaggerNetwork& network, const TaggedTokens& train, const TaggedTokens& held_out,
                 const TaggerBatching& batching, uint64_t seed, Threads& threads, Precision precision = Precision::kFloat32);

  // Sets the head's bias to the logarithm of the tags' shares. To be called once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return epochs_.steps(); }
  double units_per_step() const override;  // tokens
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override { epochs_.Begin(step); }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  // CalibrateTags (model.h).
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  double CountTokens(std::span<const size_t> rows) const;

  TaggerNetwork& network_;
  const TaggedTokens& train_;
  const TaggedTokens& held_out_;
  const TaggerBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  double tokens_ = 0;            // of all sequences to learn
  std::vector<double> dropped_;  // [V]: how often each word is read as the unknown one
  Epochs epochs_;
};

}  // namespace eddy

// A translator as something the training loop can train: the cross-entropy of the target's tokens under teacher forcing, in
// part on the network's own draws.
#pragma once

#include <optional>
#include <vector>

#include "data/epochs.h"
#include "tasks/translate/network.h"
#include "train/shared_looks.h"

namespace eddy {

struct TranslatorBatching {
  size_t rows = 64;            // pairs in a batch, of similar length
  size_t shards = 1;           // of a step (eddy/trainable.h)
  double label_smoothing = 0;  // in training only
  // Scheduled sampling (Bengio 2015): the share of the decoder's inputs that are drawn from what it predicts for their place
  // instead of being the right ones. It rises from 0 over the first kSamplingEpochs. All draws are made in one pass given
  // the right tokens (Mihaylova and Martins 2019), not a step at a time, and cost half a step more.
  double scheduled_sampling = 0;
};
inline constexpr double kSamplingEpochs = 5;

class TranslatorTraining : public SharesLooks {
 public:
  // All references must outlive it. `held_out` may be empty. `precision` is that of the products in training; Validate()
  // computes in float32.
  TranslatorTraining(TranslatorNetwork& network, const EncodedPairs& train, const EncodedPairs& held_out,
                     const TranslatorBatching& batching, uint64_t seed, Threads& threads,
                     Precision precision = Precision::kFloat32);

  // Sets the softmax's bias to the logarithm of the tokens' shares. To be called once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return epochs_.steps(); }
  double units_per_step() const override;
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override { epochs_.Begin(step); }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  // Nats a token, the right tokens given.
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  double TokensWritten(std::span<const size_t> pairs) const;  // the end of each among them
  void DrawInputs(TokenBatch& inputs, const TokenBatch& source, double share, uint64_t key, Threads& threads) const;

  TranslatorNetwork& network_;
  const EncodedPairs& train_;
  const EncodedPairs& held_out_;
  const TranslatorBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  Epochs epochs_;
};

}  // namespace eddy

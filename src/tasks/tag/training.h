// A tagger as something the training loop can train: TaggerNetwork::Loss.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eddy/trainable.h"
#include "tasks/tag/network.h"
#include "tasks/tag/scores.h"

namespace eddy {

struct TaggedTokens {
  EncodedTokens tokens;
  TagIds tags;
};

struct TaggerBatching {
  size_t rows = 16;
  // How often a word that occurs once in training is read as the unknown one, so that it has a vector worth having. A word
  // that occurs n times is so in a / (a + n) of its places, with a = word_dropout / (1 - word_dropout) (Kiperwasser and
  // Goldberg 2016, section 4.1).
  double word_dropout = 0;
};

class TaggerTraining : public Trainable {
 public:
  // All references must outlive it. `held_out` may be empty. `precision` is that of the products in training; Validate()
  // computes in float32.
  TaggerTraining(TaggerNetwork& network, const TaggedTokens& train, const TaggedTokens& held_out,
                 const TaggerBatching& batching, uint64_t seed, Threads& threads, Precision precision = Precision::kFloat32);

  // Sets the head's bias to the logarithm of the tags' shares. To be called once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override;  // tokens
  double Step(int64_t step) override;
  std::optional<double> Validate(double most_units) override;  // CalibrateTags (tagger.h)
  HeldOutSize held_out_size() const override;

 private:
  const std::vector<size_t>& EpochOf(int64_t epoch);

  TaggerNetwork& network_;
  const TaggedTokens& train_;
  const TaggedTokens& held_out_;
  const TaggerBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  double tokens_ = 0;            // of all sequences to learn
  std::vector<double> dropped_;  // [V]: how often each word is read as the unknown one
  int64_t epoch_ = -1;           // of order_
  std::vector<size_t> order_;    // the sequences of an epoch, batch after batch
};

}  // namespace eddy

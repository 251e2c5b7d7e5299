// A language model as something the training loop can train, and the measure of it: mean -ln p over the predicted tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/text.h"
#include "tasks/text/lanes.h"
#include "tasks/text/network.h"
#include "train/process_exchange.h"
#include "train/shared_looks.h"

namespace eddy {

struct TextBatching {
  size_t rows = 32;  // lanes of text side by side
  // Truncated BPTT (Williams and Peng 1990): an update every k1 steps, its gradient through the last k2 >= k1 steps. What
  // layers hand on from one segment to the next has no gradient.
  size_t k1 = 64;
  size_t k2 = 64;
  size_t shards = 1;  // of a step, at most `rows` (eddy/trainable.h)
};

class TextTraining : public SharesLooks {
 public:
  // All three must outlive it. `precision` is that of the products in training; Validate() computes in float32. Throws Error
  // for sizes out of range.
  TextTraining(TextNetwork& model, const TextSplit& text, const TextBatching& batching, double label_smoothing,
               uint64_t seed, Threads& threads, Precision precision = Precision::kFloat32);

  std::vector<Parameter*> parameters() override { return model_.parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override { return static_cast<double>(batching_.rows * batching_.k1); }
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override;
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  void TakeBackStep() override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;
  void ForgetCarriedState() override;
  TaskState SaveState() const override;
  void LoadState(const TaskState& stored) override;

 private:
  size_t NextBegins() const;

  TextNetwork& model_;
  const TextSplit& text_;
  TextBatching batching_;
  double label_smoothing_;
  uint64_t seed_;
  Threads& threads_;
  Precision precision_;
  TrainingPieces pieces_;
  TextLanes lanes_;
  TextBatch context_;  // the last k2 - k1 steps read, or fewer
  // The layers' states before context_, of each shard: of none where they are not known here, or the initial ones.
  std::vector<std::vector<Tensor>> carried_;

  // The step that is being computed.
  TextBatch fresh_, window_;
  struct Before {  // what is there again where it is stopped
    TextLanes lanes;
    Json pieces;
    TextBatch context;
    std::vector<std::vector<Tensor>> carried;
  };
  std::optional<Before> before_;
};

struct TextScore {
  size_t tokens = 0;  // predicted, each counted once
  double nats = 0;    // a token
  struct Block {      // the same of a few of them
    size_t tokens = 0;
    double nats = 0;
  };
  std::vector<Block> blocks;  // the parts of what was measured, the same for every network of a vocabulary

  // Of `nats`, from how much the blocks differ: as a figure of more text like this. NaN for a single block.
  double StandardError() const;
  // The same for all of `all` tokens of which these are a sample. 0 where these are all.
  double StandardErrorOf(size_t all) const;
};

// Exact measures every token, a stream with its state carried from the beginning to the end (above half a million tokens in
// a few pieces, each warmed up by thousands). Quick, for looks during training, measures tens of thousands of tokens spread
// over the corpus, in short pieces with a warm-up each.
enum class Measure { kQuick, kExact };
TextScore MeasureText(TextNetwork& model, const Corpus& corpus, Measure measure, Threads& threads,
                      ProcessGroup& group = Alone());
// Measures the tokens that these pieces count (lanes.h); at least one piece. The processes of a group share out the pieces,
// up to 64 of them side by side, and all get the bits that one would.
TextScore MeasureText(TextNetwork& model, const Corpus& corpus, const std::vector<Piece>& pieces, Threads& threads,
                      ProcessGroup& group = Alone());

}  // namespace eddy

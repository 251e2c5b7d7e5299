// A composer as something the training loop can train.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eddy/random.h"
#include "tasks/compose/network.h"
#include "train/shared_looks.h"

namespace eddy {

struct MusicBatching {
  size_t rows = 16;
  size_t shards = 1;      // of a step (eddy/trainable.h)
  size_t window = 128;    // steps that are learned in one go; longer pieces are cut, another way in each epoch
  int transpose = 0;      // most semitones, up and down, by which a window is moved, as far as its piece stays on the piano
  double transposed = 1;  // the share of the windows that may be moved; the others stay as they are
};

// By how many semitones a window of a piece with this room is moved.
int DrawTranspose(const Room& room, const MusicBatching& batching, Random& random);

class ComposeTraining : public SharesLooks {
 public:
  // All references must outlive it. `held_out` may be empty. `precision` is that of the products in training; Validate()
  // computes in float32.
  ComposeTraining(ComposeNetwork& network, const MusicSet& train, const MusicSet& held_out, const MusicBatching& batching,
                  uint64_t seed, Threads& threads, Precision precision = Precision::kFloat32);

  // Sets the head's bias to what each key or event has by itself. To be called once, before training.
  void StartFromCounts();

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override;  // frames or events
  size_t shards() const override { return batching_.shards; }
  void BeginStep(int64_t step) override;
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  ComposeNetwork& network_;
  const MusicSet& train_;
  const MusicSet& held_out_;
  const MusicBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  std::vector<Room> rooms_;         // of each piece to learn
  size_t windows_ = 0;              // of an epoch
  int64_t epoch_ = -1;              // of order_
  std::vector<MusicWindow> order_;  // the windows of an epoch, batch after batch
};

}  // namespace eddy

// Networks of direction as something the training loop can train: the likelihood of up and down over random stretches of all
// series. Each network learns from what its refit may know, and from nothing else; nothing chooses among the states of a
// run, so that what judges has chosen nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eddy/trainable.h"
#include "tasks/direction/model.h"

namespace eddy {

struct DirectionBatching {
  size_t rows = 0;    // stretches side by side, at least 1
  size_t unroll = 0;  // days in a stretch, at least 1
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

class DirectionTraining : public Trainable {
 public:
  DirectionTraining(TrainedDirection& direction, const PriceSet& prices, const DirectionBatching& batching, uint64_t seed,
                    Precision precision);

  std::vector<Parameter*> parameters() override { return direction_.network().parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override { return static_cast<double>(batching_.rows * batching_.unroll); }
  size_t shards() const override { return batching_.shards; }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> Validate(double) override { return std::nullopt; }
  size_t labels() const { return labels_; }  // that the last refit learns from

 private:
  struct Rows {                   // row t belongs to origin t + 1
    std::vector<float> features;  // [T, D]
    std::vector<uint8_t> up;      // [T]
    std::vector<uint8_t> refits;  // [T]: how many refits, from the last, learn from it; 0 without a label
    size_t end = 0;               // after the last row that any learns from
  };
  struct Stretch {
    const Rows* rows;
    size_t begin;
  };
  struct Batch {
    Tensor features;              // [T, B, D]
    Tensor up;                    // [T, B, 1]
    std::vector<Tensor> weights;  // of each refit: [T, B]
    Sequence sequence;
  };
  Batch MakeBatch(std::span<const Stretch> stretches, size_t steps) const;

  TrainedDirection& direction_;
  const DirectionBatching batching_;
  const uint64_t seed_;
  const Precision precision_;
  std::vector<Rows> rows_;      // of series that train
  std::vector<size_t> before_;  // rows of each and those before it
  size_t labels_ = 0;
};

}  // namespace eddy

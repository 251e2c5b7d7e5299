// A network of risk as something the training loop can train: the loss of head.h, and where a realised variance is forecast
// as well that of its logarithm, over random stretches of all series. Every member is trained on the same stretches by
// itself.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tasks/risk/model.h"
#include "tasks/risk/split.h"
#include "train/shared_looks.h"

namespace eddy {

struct RiskBatching {
  size_t rows = 0;    // stretches side by side, at least 1
  size_t unroll = 0;  // rows of the table in a stretch, at least 1
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

class RiskTraining : public SharesLooks {
 public:
  // fits and uses of each series; what it is given may go.
  RiskTraining(TrainedRisk& risk, std::span<const ReturnSeries> series, std::span<const SeriesFit> fits,
               std::span<const std::vector<OriginUse>> uses, const RiskBatching& batching, uint64_t seed, Threads& threads,
               Precision precision);

  std::vector<Parameter*> parameters() override { return risk_.network().parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override { return static_cast<double>(batching_.rows * batching_.unroll); }
  size_t shards() const override { return batching_.shards; }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  struct Rows {                   // row t belongs to origin t + 1
    std::vector<float> features;  // [T, D]
    std::vector<float> targets;   // [T]: returns in units of the reference deviation; 0 where not known
    std::vector<float> realised;  // [T]: what the autoregression leaves, in its deviations; empty without a realised column
    std::vector<OriginUse> uses;  // [T]
    size_t end = 0;               // after the last row that trains or chooses
  };
  struct Batch {
    Tensor features;                    // [T, B, D]
    Tensor targets, realised, weights;  // [T, B]
    Sequence sequence;
  };
  Batch MakeBatch(std::span<const Rows* const> rows, std::span<const size_t> begins, size_t steps, OriginUse use,
                  size_t warm) const;
  Var Loss(Tape& tape, Var raw, const Batch& batch) const;

  TrainedRisk& risk_;
  const RiskBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  std::vector<Rows> rows_;      // of series that train
  std::vector<size_t> before_;  // rows of each and those before it
};

}  // namespace eddy

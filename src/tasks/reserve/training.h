// A network of reserves as something the training loop can train: the likelihood of payments, in units, over random views of
// all companies at all calendars until the valuation. Every member leaves out its own share of the origins, which choose
// among its states, and by which the errors of its forecasts are known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tasks/reserve/model.h"
#include "train/shared_looks.h"

namespace eddy {

struct ReserveBatching {
  size_t rows = 0;    // views side by side, at least 1
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

class ReserveTraining : public SharesLooks {
 public:
  // What it is given but `reserve` may go.
  ReserveTraining(TrainedReserve& reserve, const TriangleSet& set, const ReserveBatching& batching, uint64_t seed,
                  Threads& threads, Precision precision);

  std::vector<Parameter*> parameters() override { return reserve_.network().parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override { return static_cast<double>(batching_.rows); }
  size_t shards() const override { return batching_.shards; }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;
  size_t views() const { return views_.size(); }

 private:
  // Of the views that the member trains on, or of those that it leaves out.
  Tensor WeightsOf(std::span<const ReserveView* const> views, size_t member, bool left_out) const;  // [N, B]
  Tensor TargetsOf(std::span<const ReserveView* const> views) const;                                // [N, B]

  TrainedReserve& reserve_;
  const ReserveBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  std::vector<ReserveView> views_;  // that have a target
};

}  // namespace eddy

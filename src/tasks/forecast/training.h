// A forecaster as something the training loop can train: the mean pinball loss over random windows of all series, in scaled
// units, weighted by ForecastSeries::weight().
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tasks/forecast/batch.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/split.h"
#include "train/shared_looks.h"

namespace eddy {

struct ForecastBatching {
  size_t rows = 32;   // series side by side, at least 1
  size_t shards = 1;  // of a step (eddy/trainable.h)
};

class ForecastTraining : public SharesLooks {
 public:
  // All but `split` must outlive it. `precision` is that of the products in training; Validate() computes in float32.
  ForecastTraining(ForecastModel& forecaster, const SeriesSet& set, const ForecastSplit& split,
                   const ForecastBatching& batching, uint64_t seed, Threads& threads,
                   Precision precision = Precision::kFloat32);

  // Sets the head's bias so that the untrained network is a calibrated mix of the references, each with a share by how well
  // it did on the training part. To be called once, before training.
  void StartFromReferences();

  std::vector<Parameter*> parameters() override { return forecaster_.network().parameters(); }
  int64_t steps_per_epoch() const override;
  double units_per_step() const override;
  size_t shards() const override { return batching_.shards; }
  double Step(int64_t step, Shard shard, const ShardWorker& worker) override;
  std::optional<double> ValidateTogether(ProcessGroup& group, double most_units) override;
  HeldOutSize held_out_size() const override;

 private:
  struct Weighed {  // a sum of weighted losses, and the sum of the weights
    double loss = 0, weight = 0;
  };
  std::vector<Weighed> Measure(std::span<const size_t> windows) const;  // each of these validation windows

  struct Origins {  // of a series' training windows
    size_t first = 0, last = 0;
    size_t count() const { return last - first + 1; }
  };
  ForecastPass RandomPass(Random& random) const;

  ForecastModel& forecaster_;
  const SeriesSet& set_;
  const ForecastBatching batching_;
  const uint64_t seed_;
  Threads& threads_;
  const Precision precision_;
  std::vector<ForecastSeries> series_;  // those long enough to train on
  std::vector<Origins> origins_;        // of each
  std::vector<size_t> windows_;         // how many there are up to and with each
  std::vector<Window> validation_;
  std::vector<ForecastSeries> validation_series_;  // of each window: its history alone
};

}  // namespace eddy

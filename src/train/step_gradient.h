// The gradient of a training step: its shards' gradients (train/shard_workers.h), summed over all processes
// (train/shard_sum.h).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "eddy/trainable.h"
#include "train/shard_sum.h"
#include "train/shard_workers.h"

namespace eddy {

class StepGradient {
 public:
  // All outlive it. Throws Error where there are more processes than shards.
  StepGradient(Trainable& task, const std::vector<Parameter*>& parameters, ProcessGroup& group, Threads& threads,
               Precision exchange);

  // Puts the gradient of a step, over its whole batch, into the parameters' own arrays, and returns the loss: the same on
  // every process. May throw Stopped; the task's state is then as before. After anything that it throws it is not to be
  // used.
  double Compute(int64_t step);

  double waited() const { return waited_; }  // seconds so far, for other processes

 private:
  double SumShards(int64_t step);

  Trainable& task_;
  const std::vector<Parameter*> parameters_;
  Threads& threads_;
  const size_t shards_;
  const ShardRange own_;
  std::unique_ptr<ShardSum> sum_;  // none of a single shard
  ShardWorkers workers_;
  double waited_ = 0;
};

}  // namespace eddy

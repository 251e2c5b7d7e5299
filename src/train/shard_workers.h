// Who computes the shards of a step: all threads of a team together, one shard after the other, or parts of the team side by
// side, a shard each. Threads that have a shard of their own wait for each other once a shard rather than once an operation.
//
// There are as many workers as divide both the shards and the team: of 4 shards 2 at a time by 2 threads or by 6 (in teams
// of 3), 4 by 4 or by 8, one by 3. What is computed does not depend on it. Each has memory of its own for the arrays of a
// step; the weights of recurrent layers are packed once for all.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "eddy/process_group.h"
#include "eddy/trainable.h"

namespace eddy {

// How many workers compute so many shards of this process. Where there are other processes there is one: what it has
// computed travels to them while it computes the rest.
size_t ShardWorkerCount(size_t shards, const ProcessGroup& group, int threads);

class ShardWorkers {
 public:
  // Of so many shards of this process, at least one. The team outlives it.
  ShardWorkers(size_t shards, const ProcessGroup& group, Threads& team);
  ~ShardWorkers();

  size_t count() const { return count_; }

  using Step = std::function<double(size_t shard, const ShardWorker& worker)>;
  // Calls `step` for shards [first, first + count()), each with an array of `gradients` that it has filled with zeros, and
  // returns their losses. A single worker has `complete` to call. What a step throws is thrown here, of several one.
  std::vector<double> Compute(size_t first, std::span<const GradientArrays* const> gradients, const Step& step,
                              const GradientHook& complete = {});
  // After the last shard of a step, before the weights change: forgets how they were packed.
  void EndStep();

 private:
  Threads& team_;
  const size_t count_;
  std::vector<std::unique_ptr<Threads>> teams_;  // none where the whole team is the worker
  std::unique_ptr<PackedOnce> packed_;           // none of a single shard
};

}  // namespace eddy

// Who computes the shards of a step: all threads of a team together, one shard after the other, or parts of the team side by
// side, a shard each. Threads that have a shard of their own wait for each other once a shard rather than once an operation.
//
// There are as many workers as divide both the shards and the team: of 4 shards 2 at a time by 2 threads or by 6 (in teams
// of 3), 4 by 4 or by 8, one by 3. What is computed does not depend on it. Each but the first has gradients of its own, and
// memory for the arrays of a step.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "eddy/process_group.h"
#include "eddy/trainable.h"

namespace eddy {

class ShardWorkers {
 public:
  // Of so many shards of this process, at least one. The parameters and the team outlive it. Where there are other processes
  // there is one worker: what it has computed travels to them while it computes the rest.
  ShardWorkers(const std::vector<Parameter*>& parameters, size_t shards, const ProcessGroup& group, Threads& team);
  ~ShardWorkers();

  size_t count() const { return count_; }

  // The loss that `step` returned for a shard, and where the gradient is that it added up: in the parameters' own where that
  // is null.
  struct Computed {
    double loss = 0;
    const GradientArrays* gradients = nullptr;
  };
  using Step = std::function<double(size_t shard, const ShardWorker& worker)>;
  // Of shards [first, first + count()). A single worker has `complete` to call. What a step throws is thrown here, of
  // several the first shard's.
  std::vector<Computed> Compute(size_t first, const Step& step, const GradientHook& complete = {});

 private:
  struct Worker;

  const std::vector<Parameter*> parameters_;
  Threads& team_;
  const size_t count_;
  std::vector<std::unique_ptr<Worker>> workers_;  // none where the whole team is the worker
};

}  // namespace eddy

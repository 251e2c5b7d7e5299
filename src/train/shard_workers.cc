#include "train/shard_workers.h"

#include <numeric>
#include <optional>

#include "eddy/optim.h"

namespace eddy {

struct ShardWorkers::Worker {
  Worker(int threads, Threads::Share share) : threads(threads, share) {}

  Threads threads;
  std::optional<GradientArrays> gradients;  // none of the first
};

ShardWorkers::ShardWorkers(const std::vector<Parameter*>& parameters, size_t shards, const ProcessGroup& group,
                           Threads& team)
    : parameters_(parameters),
      team_(team),
      count_(group.size() > 1 ? 1 : std::gcd(shards, static_cast<size_t>(team.count()))) {
  if (count_ == 1) return;
  for (size_t i = 0; i < count_; ++i) {
    workers_.push_back(std::make_unique<Worker>(team.count() / static_cast<int>(count_), team.share()));
    if (i > 0) workers_.back()->gradients.emplace(parameters);
  }
}

ShardWorkers::~ShardWorkers() = default;

std::vector<ShardWorkers::Computed> ShardWorkers::Compute(size_t first, const Step& step, const GradientHook& complete) {
  std::vector<Computed> computed(count_);
  if (count_ == 1) {
    ZeroGrad(parameters_, team_);
    computed[0].loss = step(first, {team_, nullptr, complete});
    return computed;
  }
  team_.RunShares(static_cast<int>(count_), [&](int share) {
    const auto i = static_cast<size_t>(share);
    Worker& worker = *workers_[i];
    worker.threads.SetStop(team_.stop());
    if (worker.gradients) {
      worker.gradients->Zero();
      computed[i].gradients = &*worker.gradients;
    } else {
      ZeroGrad(parameters_, worker.threads);
    }
    computed[i].loss = step(first + i, {worker.threads, computed[i].gradients, {}});
  });
  return computed;
}

}  // namespace eddy

#include "train/shard_workers.h"

#include <numeric>

#include "kernels/packed_once.h"

namespace eddy {

size_t ShardWorkerCount(size_t shards, const ProcessGroup& group, int threads) {
  return group.size() > 1 ? 1 : std::gcd(shards, static_cast<size_t>(threads));
}

ShardWorkers::ShardWorkers(size_t shards, const ProcessGroup& group, Threads& team)
    : team_(team),
      count_(ShardWorkerCount(shards, group, team.count())),
      packed_(shards > 1 ? std::make_unique<PackedOnce>() : nullptr) {
  for (size_t i = 0; i < count_ && count_ > 1; ++i) {
    teams_.push_back(std::make_unique<Threads>(team.count() / static_cast<int>(count_), team.share()));
  }
}

ShardWorkers::~ShardWorkers() = default;

void ShardWorkers::EndStep() {
  if (packed_) packed_->Clear();
}

std::vector<double> ShardWorkers::Compute(size_t first, std::span<const GradientArrays* const> gradients, const Step& step,
                                          const GradientHook& complete) {
  std::vector<double> losses(count_);
  const auto compute = [&](size_t i, const ShardWorker& worker) {
    worker.share.gradients->Zero(worker.threads);
    losses[i] = step(first + i, worker);
  };
  if (count_ == 1) {
    compute(0, {team_, {gradients[0], packed_.get()}, complete});
  } else {
    team_.RunShares(static_cast<int>(count_), [&](int share) {
      const auto i = static_cast<size_t>(share);
      teams_[i]->SetStop(team_.stop());
      compute(i, {*teams_[i], {gradients[i], packed_.get()}, {}});
    });
  }
  return losses;
}

}  // namespace eddy

// The gradient of a step, summed over the shards of its batch in an order that depends on their number alone
// (train/shard_tree.h), so that 1, 2 or 4 processes train the same model bit for bit.
//
// It travels in buckets (train/gradient_bucket.h), the last layers' first, as the backward of a process' last shard
// completes them: only then are its sums whole. What is complete before the backward ends travels behind it.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_set>
#include <vector>

#include "eddy/parameter.h"
#include "eddy/precision.h"
#include "eddy/process_group.h"
#include "eddy/tape.h"
#include "train/gradient_bucket.h"

namespace eddy {

class ShardSum {
 public:
  // The parameters, in the order in which a forward reads them, and the team outlive it. With kBfloat16 every shard's
  // gradient and every sum in the tree is rounded to bfloat16, on one process as on many, so that half the bytes carry all
  // of it. A bucket is of whole parameters, of `least_bucket` numbers together at least: what is less pays for messages
  // rather than for bytes (at 1 Gbit/s half a megabyte takes 4 ms).
  ShardSum(const std::vector<Parameter*>& parameters, size_t shards, ProcessGroup& group, Threads& threads,
           Precision exchange = Precision::kFloat32, size_t least_bucket = size_t{1} << 17);

  // That the gradient of the shard that is being computed is complete for a parameter. It need not be told of all.
  void Complete(const Parameter& parameter);

  // Takes the gradients, which are those of this shard alone, and its share of the loss: the parameters' own gradients, or,
  // where they are given, those arrays. Shards of this process come in their order.
  void Add(size_t shard, double loss, const GradientArrays* arrays = nullptr);

  // Puts the sum over all shards into the parameters' gradients, on every process, and returns the loss. Ready for another
  // step then.
  double Finish();

 private:
  void SendNext();
  void ShareArrived();
  void BeginLosses();

  const size_t shards_;
  ProcessGroup& group_;
  const ShardRange own_;
  std::vector<GradientBucket> buckets_;
  size_t sent_ = 0, shared_ = 0;                   // buckets, from the first on: every process sends them in this order
  std::unordered_set<const Parameter*> complete_;  // of the shard that is being computed
  std::vector<double> own_losses_, losses_;
  std::unique_ptr<ProcessGroup::Pending> losses_pending_;
};

}  // namespace eddy

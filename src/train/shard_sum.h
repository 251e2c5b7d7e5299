// The gradient of a step, summed over the shards of its batch in an order that depends on their number alone
// (train/shard_tree.h), so that 1, 2 or 4 processes train the same model bit for bit.
//
// It travels in buckets (train/gradient_bucket.h), the last layers' first, as the backward of a process' last shard
// completes them: only then are its sums whole. What is complete before the backward ends travels behind it.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

#include "eddy/parameter.h"
#include "eddy/precision.h"
#include "eddy/process_group.h"
#include "eddy/tape.h"
#include "train/gradient_bucket.h"
#include "train/shard_tree.h"

namespace eddy {

class ShardSum {
 public:
  // The parameters, in the order in which a forward reads them, and the team outlive it. With kBfloat16 every shard's
  // gradient and every sum in the tree is rounded to bfloat16, on one process as on many, so that half the bytes carry all
  // of it. A bucket is of whole parameters, of `least_bucket` numbers together at least: what is less pays for messages
  // rather than for bytes (at 1 Gbit/s half a megabyte takes 4 ms).
  ShardSum(const std::vector<Parameter*>& parameters, size_t shards, ProcessGroup& group, Threads& threads,
           Precision exchange = Precision::kFloat32, size_t least_bucket = size_t{1} << 17);

  // Where the gradients of the next `count` shards of this process are to be added up, zeros or not at the call. The first
  // of a step stand in the parameters' own.
  std::vector<const GradientArrays*> Next(size_t count);

  // That the gradient of a parameter is complete for the last shard that Next() has told of. It need not be told of all.
  void Complete(const Parameter& parameter);

  // That the gradients of the next of the shards that Next() has told of are complete; and its share of the loss.
  void Add(double loss);

  // Puts the sum over all shards into the parameters' gradients, on every process, and returns the loss. Ready for another
  // step then.
  double Finish();

 private:
  struct Sum {
    Subtree subtree;
    size_t array;
  };
  struct Addition {  // of arrays
    size_t to, more;
  };
  std::vector<Addition> Put(size_t shard, size_t array);
  size_t FreeArray();
  void AddUp(const GradientBucket& bucket) const;
  void SendNext();
  void ShareArrived();
  void BeginLosses();

  const size_t shards_;
  ProcessGroup& group_;
  const std::vector<Parameter*> parameters_;
  const ShardRange own_;
  std::vector<GradientBucket> buckets_;
  size_t sent_ = 0, shared_ = 0;                   // buckets, from the first on: every process sends them in this order
  std::unordered_set<const Parameter*> complete_;  // of the shard that is being computed
  std::vector<std::unique_ptr<GradientArrays>> arrays_;  // the first stands for the parameters' own
  std::vector<size_t> free_;                             // of them
  size_t next_;                                          // shard that Next() tells of
  std::vector<Sum> sums_;                                // of what Next() has told of, once it is added
  std::deque<std::vector<Addition>> additions_;          // that each of the shards brings which are being computed
  std::vector<double> own_losses_, losses_;
  std::unique_ptr<ProcessGroup::Pending> losses_pending_;
};

}  // namespace eddy

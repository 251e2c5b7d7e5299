// The order in which shards' gradients are summed: pairs of neighbours, then pairs of these, as in a binary tree over the
// shards. It depends on their number alone, whatever process made which; floating-point sums in one order are one result.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "eddy/precision.h"
#include "eddy/real.h"
#include "eddy/threads.h"

namespace eddy {

struct ShardRange {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
};

// The shards of process `rank` of `size`. Throws Error where there are fewer shards than processes.
ShardRange ShardsOf(size_t shards, int rank, int size);

// The sum of shards [begin, begin + count); `count` is a power of two that divides `begin`.
struct Subtree {
  size_t begin = 0, count = 1;
  std::vector<Real> sum;
};

// The sums of a range of shards, from its first on: as few subtrees as hold them, since each pair of halves of a larger one
// becomes that one. Arrays that were summed are kept for the next sums.
class ShardTree {
 public:
  // With kBfloat16 what is added and every sum is rounded. The team, which outlives it, makes the sums.
  ShardTree(Precision exchange, Threads& threads) : exchange_(exchange), threads_(&threads) {}

  // The next shard, whose numbers are those of the parts, one behind the other.
  void Add(size_t shard, std::span<const std::span<const Real>> parts);
  // The next subtree, whose sum is rounded.
  void Add(Subtree next);
  const std::vector<Subtree>& subtrees() const { return stack_; }

  // The sum of all that was added, at least one, from the last subtree, the smallest where the shards are no power of two,
  // to the first. It stands until Clear().
  std::span<const Real> Fold();
  // Leaves none.
  void Clear();

  // For the sum of a subtree to add.
  std::vector<Real> Array(size_t size);

 private:
  void JoinHalves();
  void AddLast();  // to the one before it

  Precision exchange_;
  Threads* threads_;
  std::vector<Subtree> stack_;
  std::vector<std::vector<Real>> unused_;
};

// The subtrees, without sums, that hold the shards of a range.
std::vector<Subtree> SubtreesOf(ShardRange range);

}  // namespace eddy

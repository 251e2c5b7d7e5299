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

// Shards [begin, begin + count); `count` is a power of two that divides `begin`.
struct Subtree {
  size_t begin = 0, count = 1;
};
// Whether they are the halves of a larger one.
bool AreHalves(const Subtree& left, const Subtree& right);

// left += right. With kBfloat16 both are rounded, and so is their sum.
void AddSums(std::span<Real> left, std::span<const Real> right, Precision exchange, Threads& threads);

// Sums of subtrees as they come, from the first shards to the last. Arrays that were summed are kept for the next sums.
class ShardTree {
 public:
  // The team, which outlives it, makes the sums.
  ShardTree(Precision exchange, Threads& threads) : exchange_(exchange), threads_(&threads) {}

  void Add(const Subtree& subtree, std::vector<Real> sum);
  // The sum of all that was added, at least one, from the last subtree, the smallest where the shards are no power of two,
  // to the first. It stands until Clear().
  std::span<const Real> Fold();
  // Leaves none.
  void Clear();

  // For the sum of a subtree to add.
  std::vector<Real> Array(size_t size);

 private:
  struct Sum {
    Subtree subtree;
    std::vector<Real> numbers;
  };
  void AddLast();  // to the one before it

  Precision exchange_;
  Threads* threads_;
  std::vector<Sum> stack_;
  std::vector<std::vector<Real>> unused_;
};

// The subtrees that hold the shards of a range.
std::vector<Subtree> SubtreesOf(ShardRange range);

}  // namespace eddy

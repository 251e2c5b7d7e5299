// The order in which shards' gradients are summed: pairs of neighbours, then pairs of these, as in a binary tree over the
// shards. It depends on their number alone, whatever process made which; floating-point sums in one order are one result.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "eddy/precision.h"
#include "eddy/real.h"

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

// Adds a subtree to those before it, which are those of the shards from the first of a process on; each pair of halves of a
// larger one becomes that one. With kBfloat16 every sum is rounded.
void Push(std::vector<Subtree>& stack, Subtree next, Precision exchange);

// The sum of all, from the last, the smallest where the shards are no power of two, to the first. Leaves none.
std::vector<Real> Fold(std::vector<Subtree>& stack, Precision exchange);

// What Push() makes of the shards of a range: the subtrees, without sums.
std::vector<Subtree> SubtreesOf(ShardRange range);

void RoundToBfloat16(std::span<Real> numbers);

}  // namespace eddy

// The gradient of a step, summed over the shards of its batch in an order that depends on their number alone, whatever
// process made which: pairs of neighbours, then pairs of these, as in a binary tree over the shards. Floating-point sums in
// one order are one result, so 1, 2 or 4 processes train the same model bit for bit.
//
// A process owns a contiguous range of shards and adds up the subtrees that lie in it. Then each process gets the subtrees'
// sums of one slice of the gradient from all others, sums the rest of the tree for this slice, and sends the result to all:
// 2 (P - 1) / P of the gradient's bytes pass in and out of each process (reduce-scatter and all-gather, as in
// Rabenseifner 2004). Memory: log2(shards) + 2 times the gradient.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "eddy/parameter.h"
#include "eddy/precision.h"
#include "eddy/process_group.h"

namespace eddy {

struct ShardRange {
  size_t begin = 0;
  size_t end = 0;
};

// The shards of process `rank` of `size`. Throws Error where there are fewer shards than processes.
ShardRange ShardsOf(size_t shards, int rank, int size);

class ShardSum {
 public:
  // The parameters outlive it. With kBfloat16 every shard's gradient and every sum in the tree is rounded to bfloat16, on
  // one process as on many, so that half the bytes carry all of it.
  ShardSum(std::vector<Parameter*> parameters, size_t shards, ProcessGroup& group, Precision exchange = Precision::kFloat32);

  // Takes the parameters' gradients, which are those of this shard alone, and its share of the loss. Shards of this process
  // come in their order.
  void Add(size_t shard, double loss);

  // Puts the sum over all shards into the parameters' gradients, on every process, and returns the loss. Ready for another
  // step then.
  double Finish();

 private:
  // The sum of shards [begin, begin + count) of a slice of the gradient; `count` is a power of two that divides `begin`.
  struct Subtree {
    size_t begin = 0, count = 1;
    std::vector<Real> sum;
  };

  void AddTo(std::vector<Real>& left, const std::vector<Real>& right) const;
  void Push(std::vector<Subtree>& stack, Subtree next) const;
  std::vector<Real> Fold(std::vector<Subtree>& stack) const;
  size_t BytesOf(size_t numbers) const;  // on their way
  void Pack(std::span<const Real> numbers, std::byte* to) const;
  void Unpack(const std::byte* from, std::span<Real> numbers) const;
  std::vector<Subtree> SubtreesOf(int rank) const;
  std::pair<size_t, size_t> Slice(int rank) const;
  std::vector<Real> SumOfSlice();
  void ShareSlices(const std::vector<Real>& slice);
  double SumOfLosses();
  void PutGradient() const;

  const std::vector<Parameter*> parameters_;
  const size_t shards_;
  ProcessGroup& group_;
  const Precision exchange_;
  size_t size_ = 0;  // numbers in the gradient
  std::vector<Subtree> own_;
  std::vector<double> losses_;  // of the own shards
  std::vector<Real> gradient_;
};

}  // namespace eddy

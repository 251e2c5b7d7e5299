// A part of a step's gradient, some parameters', that is summed over the processes by itself: as soon as it is complete in
// the last of a process' shards it travels, while the backward goes on with what remains.
//
// A process adds up the subtrees that lie in its shards (train/shard_sum.h). Then each gets the subtrees' sums of one slice
// of the bucket from all others, sums the rest of the tree for this slice, and sends the result to all: 2 (P - 1) / P of the
// bucket's bytes pass in and out of each process (reduce-scatter and all-gather, as in Rabenseifner 2004). Memory: of one
// process none, of several log2(shards) + 3 times the bucket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "eddy/parameter.h"
#include "eddy/process_group.h"
#include "eddy/tape.h"
#include "train/shard_tree.h"

namespace eddy {

class GradientBucket {
 public:
  // The parameters and the team outlive it.
  GradientBucket(std::vector<Parameter*> parameters, size_t shards, ProcessGroup& group, Threads& threads,
                 Precision exchange);

  std::span<Parameter* const> parameters() const { return parameters_; }

  // left += right, for the bucket's parameters.
  void Add(const GradientArrays& left, const GradientArrays& right) const;
  // After the last of them: sends slices of the sums of this process' subtrees, in their order, to those that sum them.
  void Send(std::span<const GradientArrays* const> sums);
  // Whether all that belongs to this process' slice has come.
  bool HasArrived() { return sums_ == nullptr || sums_->Done(); }
  // Waits for it, and sends the slice to all.
  void Share();
  // After that: waits for all slices, and puts the sum over all shards into the parameters' gradients; where there is one
  // process it is there. Ready for another step then.
  void Finish();

 private:
  struct Slice {
    size_t begin = 0, end = 0;
    size_t size() const { return end - begin; }
  };
  Slice SliceOf(size_t rank) const;
  size_t BytesOf(size_t numbers) const;  // on their way
  void Pack(std::span<const Real> numbers, std::byte* to) const;
  void Unpack(const std::byte* from, std::span<Real> numbers) const;
  std::span<const Real> SumOfSlice();
  void PackSlice(const GradientArrays& sum, const Slice& slice, std::byte* to) const;

  const std::vector<Parameter*> parameters_;
  const size_t shards_;
  ProcessGroup& group_;
  const Precision exchange_;
  size_t size_ = 0;  // numbers in it
  Threads& threads_;
  ShardTree slice_;  // of all processes' sums, this process' slice
  // What travels, kept from step to step: of each process its slice's sums to it and its sums of this slice, then the slice
  // to all and all slices.
  std::vector<std::vector<std::byte>> sums_out_, sums_in_;
  std::vector<std::byte> slice_out_, all_in_;
  std::unique_ptr<ProcessGroup::Pending> sums_, slices_;
};

}  // namespace eddy

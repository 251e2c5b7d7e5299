#include "train/shard_tree.h"

#include <string>
#include <utility>

#include "base/bfloat16.h"
#include "eddy/error.h"
#include "kernels/loops.h"

namespace eddy {
namespace {

Real Rounded(Real x) { return static_cast<Real>(FromBfloat16(ToBfloat16(static_cast<float>(x)))); }

}  // namespace

bool AreHalves(const Subtree& left, const Subtree& right) {
  return left.count == right.count && left.begin % (2 * left.count) == 0 && left.begin + left.count == right.begin;
}

void AddSums(std::span<Real> left, std::span<const Real> right, Precision exchange, Threads& threads) {
  Real* const sum = left.data();
  const Real* const more = right.data();
  if (exchange == Precision::kBfloat16) {
    ForEach(threads, left.size(), [=](size_t i) { sum[i] = Rounded(Rounded(sum[i]) + Rounded(more[i])); });
  } else {
    ForEach(threads, left.size(), [=](size_t i) { sum[i] += more[i]; });
  }
}

ShardRange ShardsOf(size_t shards, int rank, int size) {
  const auto processes = static_cast<size_t>(size), place = static_cast<size_t>(rank);
  Require(processes <= shards, "train", "the processes",
          "at most as many as the shards of a batch, " + std::to_string(shards) + " (--shards " + std::to_string(processes) +
              " would do)",
          std::to_string(processes));
  return {shards * place / processes, shards * (place + 1) / processes};
}

void ShardTree::Add(const Subtree& subtree, std::vector<Real> sum) {
  stack_.push_back({subtree, std::move(sum)});
  while (stack_.size() > 1 && AreHalves(stack_[stack_.size() - 2].subtree, stack_.back().subtree)) AddLast();
}

std::span<const Real> ShardTree::Fold() {
  while (stack_.size() > 1) AddLast();
  return stack_.back().numbers;
}

void ShardTree::Clear() {
  for (Sum& sum : stack_) unused_.push_back(std::move(sum.numbers));
  stack_.clear();
}

std::vector<Real> ShardTree::Array(size_t size) {
  std::vector<Real> array;
  if (!unused_.empty()) {
    array = std::move(unused_.back());
    unused_.pop_back();
  }
  array.resize(size);
  return array;
}

void ShardTree::AddLast() {
  Sum right = std::move(stack_.back());
  stack_.pop_back();
  AddSums(stack_.back().numbers, right.numbers, exchange_, *threads_);
  stack_.back().subtree.count += right.subtree.count;
  unused_.push_back(std::move(right.numbers));
}

std::vector<Subtree> SubtreesOf(ShardRange range) {
  std::vector<Subtree> subtrees;
  for (size_t shard = range.begin; shard < range.end; ++shard) {
    Subtree last = {shard, 1};
    for (; !subtrees.empty() && AreHalves(subtrees.back(), last); subtrees.pop_back()) {
      last = {subtrees.back().begin, 2 * last.count};
    }
    subtrees.push_back(last);
  }
  return subtrees;
}

}  // namespace eddy

#include "train/shard_tree.h"

#include <string>
#include <utility>

#include "base/bfloat16.h"
#include "eddy/error.h"
#include "kernels/loops.h"

namespace eddy {
namespace {

bool AreHalves(const Subtree& left, size_t begin, size_t count) {
  return left.count == count && left.begin % (2 * count) == 0 && left.begin + count == begin;
}

Real Rounded(Real x) { return static_cast<Real>(FromBfloat16(ToBfloat16(static_cast<float>(x)))); }

void Copy(std::span<const Real> numbers, Real* to, Precision exchange, Threads& threads) {
  const Real* const from = numbers.data();
  if (exchange == Precision::kBfloat16) {
    ForEach(threads, numbers.size(), [=](size_t i) { to[i] = Rounded(from[i]); });
  } else {
    ForEach(threads, numbers.size(), [=](size_t i) { to[i] = from[i]; });
  }
}

void AddTo(Real* sum, std::span<const Real> numbers, Precision exchange, Threads& threads) {
  const Real* const more = numbers.data();
  if (exchange == Precision::kBfloat16) {
    ForEach(threads, numbers.size(), [=](size_t i) { sum[i] = Rounded(sum[i] + Rounded(more[i])); });
  } else {
    ForEach(threads, numbers.size(), [=](size_t i) { sum[i] += more[i]; });
  }
}

}  // namespace

ShardRange ShardsOf(size_t shards, int rank, int size) {
  const auto processes = static_cast<size_t>(size), place = static_cast<size_t>(rank);
  Require(processes <= shards, "train", "the processes",
          "at most as many as the shards of a batch, " + std::to_string(shards) + " (--shards " + std::to_string(processes) +
              " would do)",
          std::to_string(processes));
  return {shards * place / processes, shards * (place + 1) / processes};
}

void ShardTree::Add(size_t shard, std::span<const std::span<const Real>> parts) {
  const bool is_right_half = !stack_.empty() && AreHalves(stack_.back(), shard, 1);
  if (!is_right_half) {
    size_t size = 0;
    for (const std::span<const Real> part : parts) size += part.size();
    stack_.push_back({shard, 1, Array(size)});
  }
  Real* to = stack_.back().sum.data();
  for (const std::span<const Real> part : parts) {
    if (is_right_half) {
      AddTo(to, part, exchange_, *threads_);
    } else {
      Copy(part, to, exchange_, *threads_);
    }
    to += part.size();
  }
  if (is_right_half) stack_.back().count = 2;
  JoinHalves();
}

void ShardTree::Add(Subtree next) {
  stack_.push_back(std::move(next));
  JoinHalves();
}

std::span<const Real> ShardTree::Fold() {
  while (stack_.size() > 1) AddLast();
  return stack_.back().sum;
}

void ShardTree::Clear() {
  for (Subtree& subtree : stack_) unused_.push_back(std::move(subtree.sum));
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

void ShardTree::JoinHalves() {
  while (stack_.size() > 1 && AreHalves(stack_[stack_.size() - 2], stack_.back().begin, stack_.back().count)) AddLast();
}

void ShardTree::AddLast() {
  Subtree right = std::move(stack_.back());
  stack_.pop_back();
  AddTo(stack_.back().sum.data(), right.sum, exchange_, *threads_);
  stack_.back().count += right.count;
  unused_.push_back(std::move(right.sum));
}

std::vector<Subtree> SubtreesOf(ShardRange range) {
  std::vector<Subtree> subtrees;
  for (size_t shard = range.begin; shard < range.end; ++shard) {
    size_t begin = shard, count = 1;
    for (; !subtrees.empty() && AreHalves(subtrees.back(), begin, count); subtrees.pop_back()) {
      begin = subtrees.back().begin;
      count *= 2;
    }
    subtrees.push_back({begin, count, {}});
  }
  return subtrees;
}

}  // namespace eddy

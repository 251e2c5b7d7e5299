#include "train/shard_tree.h"

#include <string>
#include <utility>

#include "base/bfloat16.h"
#include "eddy/error.h"

namespace eddy {
namespace {

Real Rounded(Real x) { return static_cast<Real>(FromBfloat16(ToBfloat16(static_cast<float>(x)))); }

void AddTo(std::vector<Real>& left, const std::vector<Real>& right, Precision exchange) {
  for (size_t i = 0; i < left.size(); ++i) left[i] += right[i];
  if (exchange == Precision::kBfloat16) RoundToBfloat16(left);
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

void Push(std::vector<Subtree>& stack, Subtree next, Precision exchange) {
  while (!stack.empty() && stack.back().count == next.count && stack.back().begin % (2 * next.count) == 0) {
    Subtree& left = stack.back();
    AddTo(left.sum, next.sum, exchange);
    next = {left.begin, 2 * left.count, std::move(left.sum)};
    stack.pop_back();
  }
  stack.push_back(std::move(next));
}

std::vector<Real> Fold(std::vector<Subtree>& stack, Precision exchange) {
  std::vector<Real> sum = std::move(stack.back().sum);
  stack.pop_back();
  for (; !stack.empty(); stack.pop_back()) {
    std::vector<Real>& left = stack.back().sum;
    AddTo(left, sum, exchange);
    sum = std::move(left);
  }
  return sum;
}

std::vector<Subtree> SubtreesOf(ShardRange range) {
  std::vector<Subtree> stack;
  for (size_t shard = range.begin; shard < range.end; ++shard) Push(stack, {shard, 1, {}}, Precision::kFloat32);
  return stack;
}

void RoundToBfloat16(std::span<Real> numbers) {
  for (Real& number : numbers) number = Rounded(number);
}

}  // namespace eddy

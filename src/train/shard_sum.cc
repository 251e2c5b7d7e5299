#include "train/shard_sum.h"

#include <algorithm>
#include <span>
#include <string>

#include "eddy/error.h"

namespace eddy {

ShardRange ShardsOf(size_t shards, int rank, int size) {
  const auto processes = static_cast<size_t>(size), place = static_cast<size_t>(rank);
  Require(processes <= shards, "train", "the processes",
          "at most as many as the shards of a batch, " + std::to_string(shards), std::to_string(processes));
  return {shards * place / processes, shards * (place + 1) / processes};
}

ShardSum::ShardSum(std::vector<Parameter*> parameters, size_t shards, ProcessGroup& group)
    : parameters_(std::move(parameters)), shards_(shards), group_(group) {
  for (const Parameter* parameter : parameters_) size_ += parameter->value.size();
  gradient_.resize(size_);
}

void ShardSum::Add(size_t shard, double loss) {
  Subtree one{shard, 1, {}};
  one.sum.reserve(size_);
  for (const Parameter* parameter : parameters_) {
    const std::span<const Real> values = parameter->grad.values();
    one.sum.insert(one.sum.end(), values.begin(), values.end());
  }
  Push(own_, std::move(one));
  losses_.push_back(loss);
}

double ShardSum::Finish() {
  const double loss = SumOfLosses();
  if (group_.size() == 1) {
    gradient_ = Fold(own_);
  } else {
    ShareSlices(SumOfSlice());
  }
  own_.clear();
  PutGradient();
  return loss;
}

// Adds a subtree to those before it, and each pair of halves of a larger one becomes that one.
void ShardSum::Push(std::vector<Subtree>& stack, Subtree next) {
  while (!stack.empty() && stack.back().count == next.count && stack.back().begin % (2 * next.count) == 0) {
    Subtree& left = stack.back();
    for (size_t i = 0; i < left.sum.size(); ++i) left.sum[i] += next.sum[i];
    next = {left.begin, 2 * left.count, std::move(left.sum)};
    stack.pop_back();
  }
  stack.push_back(std::move(next));
}

// What is left where the shards are no power of two: from the last, the smallest, to the first.
std::vector<Real> ShardSum::Fold(std::vector<Subtree>& stack) {
  std::vector<Real> sum = std::move(stack.back().sum);
  stack.pop_back();
  for (; !stack.empty(); stack.pop_back()) {
    std::vector<Real>& left = stack.back().sum;
    for (size_t i = 0; i < sum.size(); ++i) left[i] += sum[i];
    sum = std::move(left);
  }
  return sum;
}

std::vector<ShardSum::Subtree> ShardSum::SubtreesOf(int rank) const {
  std::vector<Subtree> stack;
  const ShardRange range = ShardsOf(shards_, rank, group_.size());
  for (size_t shard = range.begin; shard < range.end; ++shard) Push(stack, {shard, 1, {}});
  return stack;
}

std::pair<size_t, size_t> ShardSum::Slice(int rank) const {
  const auto processes = static_cast<size_t>(group_.size()), place = static_cast<size_t>(rank);
  return {size_ * place / processes, size_ * (place + 1) / processes};
}

std::vector<Real> ShardSum::SumOfSlice() {
  std::vector<std::vector<Real>> out, in;
  std::vector<std::vector<Subtree>> theirs;
  const auto [begin, end] = Slice(group_.rank());
  for (int rank = 0; rank < group_.size(); ++rank) {
    const auto [first, last] = Slice(rank);
    std::vector<Real>& sums = out.emplace_back();
    for (const Subtree& subtree : own_) {
      sums.insert(sums.end(), subtree.sum.begin() + static_cast<std::ptrdiff_t>(first),
                  subtree.sum.begin() + static_cast<std::ptrdiff_t>(last));
    }
    theirs.push_back(SubtreesOf(rank));
    in.emplace_back(theirs.back().size() * (end - begin));
  }
  std::vector<std::span<const std::byte>> to;
  std::vector<std::span<std::byte>> from;
  for (const std::vector<Real>& sums : out) to.push_back(std::as_bytes(std::span(sums)));
  for (std::vector<Real>& sums : in) from.push_back(std::as_writable_bytes(std::span(sums)));
  group_.Exchange(to, from);

  std::vector<Subtree> stack;
  for (size_t rank = 0; rank < theirs.size(); ++rank) {
    auto sums = in[rank].begin();
    for (Subtree& subtree : theirs[rank]) {
      const auto next = sums + static_cast<std::ptrdiff_t>(end - begin);
      subtree.sum.assign(sums, next);
      Push(stack, std::move(subtree));
      sums = next;
    }
  }
  return Fold(stack);
}

void ShardSum::ShareSlices(const std::vector<Real>& slice) {
  const std::vector<std::span<const std::byte>> to(static_cast<size_t>(group_.size()), std::as_bytes(std::span(slice)));
  std::vector<std::span<std::byte>> from;
  for (int rank = 0; rank < group_.size(); ++rank) {
    const auto [first, last] = Slice(rank);
    from.push_back(std::as_writable_bytes(std::span(gradient_).subspan(first, last - first)));
  }
  group_.Exchange(to, from);
}

// In the order of the shards.
double ShardSum::SumOfLosses() {
  std::vector<double> all(shards_);
  const std::vector<std::span<const std::byte>> to(static_cast<size_t>(group_.size()), std::as_bytes(std::span(losses_)));
  std::vector<std::span<std::byte>> from;
  for (int rank = 0; rank < group_.size(); ++rank) {
    const ShardRange range = ShardsOf(shards_, rank, group_.size());
    from.push_back(std::as_writable_bytes(std::span(all).subspan(range.begin, range.end - range.begin)));
  }
  group_.Exchange(to, from);
  losses_.clear();
  double sum = 0;
  for (const double loss : all) sum += loss;
  return sum;
}

void ShardSum::PutGradient() const {
  const Real* from = gradient_.data();
  for (Parameter* parameter : parameters_) {
    const std::span<Real> grad = parameter->grad.values();
    std::copy_n(from, grad.size(), grad.begin());
    from += grad.size();
  }
}

}  // namespace eddy

#include "train/shard_sum.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "base/bfloat16.h"
#include "eddy/error.h"

namespace eddy {
namespace {

Real Rounded(Real x) { return static_cast<Real>(FromBfloat16(ToBfloat16(static_cast<float>(x)))); }

}  // namespace

ShardRange ShardsOf(size_t shards, int rank, int size) {
  const auto processes = static_cast<size_t>(size), place = static_cast<size_t>(rank);
  Require(processes <= shards, "train", "the processes",
          "at most as many as the shards of a batch, " + std::to_string(shards) + " (--shards " + std::to_string(processes) +
              " would do)",
          std::to_string(processes));
  return {shards * place / processes, shards * (place + 1) / processes};
}

ShardSum::ShardSum(std::vector<Parameter*> parameters, size_t shards, ProcessGroup& group, Precision exchange)
    : parameters_(std::move(parameters)), shards_(shards), group_(group), exchange_(exchange) {
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
  if (exchange_ == Precision::kBfloat16) std::transform(one.sum.begin(), one.sum.end(), one.sum.begin(), Rounded);
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

void ShardSum::AddTo(std::vector<Real>& left, const std::vector<Real>& right) const {
  if (exchange_ == Precision::kBfloat16) {
    for (size_t i = 0; i < left.size(); ++i) left[i] = Rounded(left[i] + right[i]);
  } else {
    for (size_t i = 0; i < left.size(); ++i) left[i] += right[i];
  }
}

// Adds a subtree to those before it, and each pair of halves of a larger one becomes that one.
void ShardSum::Push(std::vector<Subtree>& stack, Subtree next) const {
  while (!stack.empty() && stack.back().count == next.count && stack.back().begin % (2 * next.count) == 0) {
    Subtree& left = stack.back();
    AddTo(left.sum, next.sum);
    next = {left.begin, 2 * left.count, std::move(left.sum)};
    stack.pop_back();
  }
  stack.push_back(std::move(next));
}

// What is left where the shards are no power of two: from the last, the smallest, to the first.
std::vector<Real> ShardSum::Fold(std::vector<Subtree>& stack) const {
  std::vector<Real> sum = std::move(stack.back().sum);
  stack.pop_back();
  for (; !stack.empty(); stack.pop_back()) {
    std::vector<Real>& left = stack.back().sum;
    AddTo(left, sum);
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

size_t ShardSum::BytesOf(size_t numbers) const {
  return numbers * (exchange_ == Precision::kBfloat16 ? sizeof(uint16_t) : sizeof(Real));
}

void ShardSum::Pack(std::span<const Real> numbers, std::byte* to) const {
  if (exchange_ != Precision::kBfloat16) {
    if (!numbers.empty()) std::memcpy(to, numbers.data(), numbers.size_bytes());
    return;
  }
  for (size_t i = 0; i < numbers.size(); ++i) {
    const uint16_t half = ToBfloat16(static_cast<float>(numbers[i]));
    std::memcpy(to + i * sizeof(half), &half, sizeof(half));
  }
}

void ShardSum::Unpack(const std::byte* from, std::span<Real> numbers) const {
  if (exchange_ != Precision::kBfloat16) {
    if (!numbers.empty()) std::memcpy(numbers.data(), from, numbers.size_bytes());
    return;
  }
  for (size_t i = 0; i < numbers.size(); ++i) {
    uint16_t half;
    std::memcpy(&half, from + i * sizeof(half), sizeof(half));
    numbers[i] = static_cast<Real>(FromBfloat16(half));
  }
}

std::vector<Real> ShardSum::SumOfSlice() {
  std::vector<std::vector<std::byte>> out, in;
  std::vector<std::vector<Subtree>> theirs;
  const auto [begin, end] = Slice(group_.rank());
  const size_t bytes = BytesOf(end - begin);
  for (int rank = 0; rank < group_.size(); ++rank) {
    const auto [first, last] = Slice(rank);
    std::vector<std::byte>& sums = out.emplace_back(own_.size() * BytesOf(last - first));
    for (size_t i = 0; i < own_.size(); ++i) {
      Pack(std::span(own_[i].sum).subspan(first, last - first), sums.data() + i * BytesOf(last - first));
    }
    theirs.push_back(SubtreesOf(rank));
    in.emplace_back(theirs.back().size() * bytes);
  }
  const std::vector<std::span<const std::byte>> to(out.begin(), out.end());
  const std::vector<std::span<std::byte>> from(in.begin(), in.end());
  group_.Exchange(to, from);

  std::vector<Subtree> stack;
  for (size_t rank = 0; rank < theirs.size(); ++rank) {
    const std::byte* sums = in[rank].data();
    for (Subtree& subtree : theirs[rank]) {
      subtree.sum.resize(end - begin);
      Unpack(sums, subtree.sum);
      Push(stack, std::move(subtree));
      sums += bytes;
    }
  }
  return Fold(stack);
}

void ShardSum::ShareSlices(const std::vector<Real>& slice) {
  const bool as_it_is = exchange_ != Precision::kBfloat16;
  std::vector<std::byte> out(BytesOf(slice.size())), halves(as_it_is ? 0 : BytesOf(size_));
  Pack(slice, out.data());
  const std::span<std::byte> in = as_it_is ? std::as_writable_bytes(std::span(gradient_)) : std::span(halves);
  const std::vector<std::span<const std::byte>> to(static_cast<size_t>(group_.size()), out);
  std::vector<std::span<std::byte>> from;
  for (int rank = 0; rank < group_.size(); ++rank) {
    const auto [first, last] = Slice(rank);
    from.push_back(in.subspan(BytesOf(first), BytesOf(last - first)));
  }
  group_.Exchange(to, from);
  if (!as_it_is) Unpack(halves.data(), gradient_);
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

#include "train/gradient_bucket.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bfloat16.h"

namespace eddy {
namespace {

// Other exchanges are of channel 0.
constexpr int kSums = 1, kSlices = 2;

}  // namespace

GradientBucket::GradientBucket(std::vector<Parameter*> parameters, size_t shards, ProcessGroup& group, Threads& threads,
                               Precision exchange)
    : parameters_(std::move(parameters)),
      shards_(shards),
      group_(group),
      exchange_(exchange),
      threads_(threads),
      slice_(exchange, threads) {
  for (const Parameter* parameter : parameters_) size_ += parameter->value.size();
  if (group_.size() == 1) return;
  const auto processes = static_cast<size_t>(group_.size()), own = static_cast<size_t>(group_.rank());
  const size_t subtrees = SubtreesOf(ShardsOf(shards_, group_.rank(), group_.size())).size();
  for (size_t rank = 0; rank < processes; ++rank) {
    const size_t theirs = SubtreesOf(ShardsOf(shards_, static_cast<int>(rank), group_.size())).size();
    sums_out_.emplace_back(subtrees * BytesOf(SliceOf(rank).size()));
    sums_in_.emplace_back(theirs * BytesOf(SliceOf(own).size()));
  }
  slice_out_.resize(BytesOf(SliceOf(own).size()));
  all_in_.resize(BytesOf(size_));
}

void GradientBucket::Add(const GradientArrays& left, const GradientArrays& right) const {
  for (const Parameter* parameter : parameters_) {
    AddSums(left.Of(*parameter).values(), right.Of(*parameter).values(), exchange_, threads_);
  }
}

void GradientBucket::Send(std::span<const GradientArrays* const> sums) {
  if (group_.size() == 1) return;
  for (size_t rank = 0; rank < sums_out_.size(); ++rank) {
    const Slice slice = SliceOf(rank);
    std::byte* to = sums_out_[rank].data();
    for (const GradientArrays* sum : sums) {
      PackSlice(*sum, slice, to);
      to += BytesOf(slice.size());
    }
  }
  const std::vector<std::span<const std::byte>> to(sums_out_.begin(), sums_out_.end());
  const std::vector<std::span<std::byte>> from(sums_in_.begin(), sums_in_.end());
  sums_ = group_.Begin(to, from, kSums);
}

// The numbers of a bucket are those of its parameters, one behind the other.
void GradientBucket::PackSlice(const GradientArrays& sum, const Slice& slice, std::byte* to) const {
  size_t passed = 0;
  for (const Parameter* parameter : parameters_) {
    const std::span<const Real> numbers = sum.Of(*parameter).values();
    const size_t begin = std::clamp(slice.begin, passed, passed + numbers.size());
    const size_t end = std::clamp(slice.end, begin, passed + numbers.size());
    Pack(numbers.subspan(begin - passed, end - begin), to);
    to += BytesOf(end - begin);
    passed += numbers.size();
  }
}

void GradientBucket::Share() {
  if (sums_ == nullptr) return;
  sums_->Wait();
  sums_.reset();
  Pack(SumOfSlice(), slice_out_.data());
  slice_.Clear();
  const std::vector<std::span<const std::byte>> to(sums_in_.size(), slice_out_);
  std::vector<std::span<std::byte>> from;
  for (size_t rank = 0; rank < sums_in_.size(); ++rank) {
    const Slice slice = SliceOf(rank);
    from.push_back(std::span(all_in_).subspan(BytesOf(slice.begin), BytesOf(slice.size())));
  }
  slices_ = group_.Begin(to, from, kSlices);
}

void GradientBucket::Finish() {
  if (group_.size() == 1) return;
  slices_->Wait();
  slices_.reset();
  const std::byte* from = all_in_.data();
  for (const Parameter* parameter : parameters_) {
    Unpack(from, parameter->grad.values());
    from += BytesOf(parameter->grad.size());
  }
}

GradientBucket::Slice GradientBucket::SliceOf(size_t rank) const {
  const auto processes = static_cast<size_t>(group_.size());
  return {size_ * rank / processes, size_ * (rank + 1) / processes};
}

size_t GradientBucket::BytesOf(size_t numbers) const {
  return numbers * (exchange_ == Precision::kBfloat16 ? sizeof(uint16_t) : sizeof(Real));
}

void GradientBucket::Pack(std::span<const Real> numbers, std::byte* to) const {
  if (exchange_ != Precision::kBfloat16) {
    if (!numbers.empty()) std::memcpy(to, numbers.data(), numbers.size_bytes());
    return;
  }
  for (size_t i = 0; i < numbers.size(); ++i) {
    const uint16_t half = ToBfloat16(static_cast<float>(numbers[i]));
    std::memcpy(to + i * sizeof(half), &half, sizeof(half));
  }
}

void GradientBucket::Unpack(const std::byte* from, std::span<Real> numbers) const {
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

std::span<const Real> GradientBucket::SumOfSlice() {
  const size_t numbers = SliceOf(static_cast<size_t>(group_.rank())).size();
  for (size_t rank = 0; rank < sums_in_.size(); ++rank) {
    const std::byte* from = sums_in_[rank].data();
    for (const Subtree& subtree : SubtreesOf(ShardsOf(shards_, static_cast<int>(rank), group_.size()))) {
      std::vector<Real> sum = slice_.Array(numbers);
      Unpack(from, sum);
      slice_.Add(subtree, std::move(sum));
      from += BytesOf(numbers);
    }
  }
  return slice_.Fold();
}

}  // namespace eddy

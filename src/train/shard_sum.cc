#include "train/shard_sum.h"

#include <algorithm>
#include <span>
#include <utility>

namespace eddy {
namespace {

// From the last parameter to the first, as a backward completes them.
std::vector<GradientBucket> BucketsOf(const std::vector<Parameter*>& parameters, size_t shards, ProcessGroup& group,
                                      Threads& threads, Precision exchange, size_t least) {
  std::vector<GradientBucket> buckets;
  std::vector<Parameter*> together;
  size_t size = 0;
  for (size_t i = parameters.size(); i-- > 0;) {
    together.push_back(parameters[i]);
    size += parameters[i]->value.size();
    if (size < least && i > 0) continue;
    buckets.emplace_back(std::exchange(together, {}), shards, group, threads, exchange);
    size = 0;
  }
  return buckets;
}

}  // namespace

ShardSum::ShardSum(const std::vector<Parameter*>& parameters, size_t shards, ProcessGroup& group, Threads& threads,
                   Precision exchange, size_t least_bucket)
    : shards_(shards),
      group_(group),
      parameters_(parameters),
      own_(ShardsOf(shards, group.rank(), group.size())),
      buckets_(BucketsOf(parameters, shards, group, threads, exchange, least_bucket)),
      next_(own_.begin),
      losses_(shards) {
  arrays_.push_back(std::make_unique<GradientArrays>(GradientArrays::OwnOf(parameters)));
  free_.push_back(0);
}

std::vector<const GradientArrays*> ShardSum::Next(size_t count) {
  std::vector<size_t> taken;
  for (size_t i = 0; i < count; ++i) taken.push_back(FreeArray());
  std::vector<const GradientArrays*> places;
  for (const size_t array : taken) {
    additions_.push_back(Put(next_++, array));
    places.push_back(arrays_[array].get());
  }
  return places;
}

size_t ShardSum::FreeArray() {
  if (free_.empty()) {
    free_.push_back(arrays_.size());
    arrays_.push_back(std::make_unique<GradientArrays>(parameters_));
  }
  const auto first = std::min_element(free_.begin(), free_.end());
  const size_t array = *first;
  free_.erase(first);
  return array;
}

// Returns what is to be added when the shard is complete: pairs of halves, as long as it makes some.
std::vector<ShardSum::Addition> ShardSum::Put(size_t shard, size_t array) {
  std::vector<Addition> additions;
  sums_.push_back({{shard, 1}, array});
  while (sums_.size() > 1 && AreHalves(sums_[sums_.size() - 2].subtree, sums_.back().subtree)) {
    const Sum right = sums_.back();
    sums_.pop_back();
    sums_.back().subtree.count *= 2;
    additions.push_back({sums_.back().array, right.array});
  }
  return additions;
}

void ShardSum::Complete(const Parameter& parameter) {
  if (group_.size() == 1 || next_ < own_.end) return;
  complete_.insert(&parameter);
  const auto is_complete = [&](const Parameter* each) { return each->fixed || complete_.contains(each); };
  while (sent_ < buckets_.size()) {
    const std::span<Parameter* const> next = buckets_[sent_].parameters();
    if (!std::all_of(next.begin(), next.end(), is_complete)) break;
    SendNext();
  }
  ShareArrived();
}

void ShardSum::Add(double loss) {
  own_losses_.push_back(loss);
  if (own_losses_.size() == own_.size()) {
    while (sent_ < buckets_.size()) SendNext();
    BeginLosses();
  } else {
    for (const GradientBucket& bucket : buckets_) AddUp(bucket);
  }
  for (const Addition& each : additions_.front()) free_.push_back(each.more);
  additions_.pop_front();
}

double ShardSum::Finish() {
  while (shared_ < buckets_.size()) buckets_[shared_++].Share();
  for (GradientBucket& bucket : buckets_) bucket.Finish();
  for (const Sum& sum : sums_) free_.push_back(sum.array);
  sums_.clear();
  complete_.clear();
  next_ = own_.begin;
  sent_ = shared_ = 0;
  losses_pending_->Wait();
  own_losses_.clear();
  double sum = 0;
  for (const double loss : losses_) sum += loss;  // in the order of the shards
  return sum;
}

// Of a bucket, what the next of the shards that are being computed brings.
void ShardSum::AddUp(const GradientBucket& bucket) const {
  for (const Addition& each : additions_.front()) bucket.Add(*arrays_[each.to], *arrays_[each.more]);
}

// Sums a bucket to its end, and sends it. Where a group makes exchanges at once, a bucket is shared before the next one is
// sent, on every process.
void ShardSum::SendNext() {
  GradientBucket& bucket = buckets_[sent_++];
  AddUp(bucket);
  std::vector<const GradientArrays*> sums;
  for (const Sum& sum : sums_) sums.push_back(arrays_[sum.array].get());
  if (group_.size() == 1) {
    for (; sums.size() > 1; sums.pop_back()) bucket.Add(*sums[sums.size() - 2], *sums.back());
  }
  bucket.Send(sums);
  ShareArrived();
}

void ShardSum::ShareArrived() {
  while (shared_ < sent_ && buckets_[shared_].HasArrived()) buckets_[shared_++].Share();
}

void ShardSum::BeginLosses() {
  const std::vector<std::span<const std::byte>> to(static_cast<size_t>(group_.size()),
                                                   std::as_bytes(std::span(own_losses_)));
  std::vector<std::span<std::byte>> from;
  for (int rank = 0; rank < group_.size(); ++rank) {
    const ShardRange range = ShardsOf(shards_, rank, group_.size());
    from.push_back(std::as_writable_bytes(std::span(losses_).subspan(range.begin, range.size())));
  }
  losses_pending_ = group_.Begin(to, from, 0);
}

}  // namespace eddy

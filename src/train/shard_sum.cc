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
      own_(ShardsOf(shards, group.rank(), group.size())),
      buckets_(BucketsOf(parameters, shards, group, threads, exchange, least_bucket)),
      losses_(shards) {}

void ShardSum::Complete(const Parameter& parameter) {
  const size_t shard = own_.begin + own_losses_.size();
  if (group_.size() == 1 || shard + 1 < own_.end) return;
  complete_.insert(&parameter);
  const auto is_complete = [&](const Parameter* each) { return each->fixed || complete_.contains(each); };
  while (sent_ < buckets_.size()) {
    const std::span<Parameter* const> next = buckets_[sent_].parameters();
    if (!std::all_of(next.begin(), next.end(), is_complete)) break;
    buckets_[sent_].Add(shard);
    SendNext();
  }
  ShareArrived();
}

void ShardSum::Add(size_t shard, double loss, const GradientArrays* arrays) {
  const bool last = shard + 1 == own_.end;
  for (size_t i = sent_; i < buckets_.size(); ++i) {
    buckets_[i].Add(shard, arrays);
    if (last) SendNext();
  }
  own_losses_.push_back(loss);
  complete_.clear();
  if (last) BeginLosses();
}

double ShardSum::Finish() {
  while (shared_ < buckets_.size()) buckets_[shared_++].Share();
  for (GradientBucket& bucket : buckets_) bucket.Finish();
  sent_ = shared_ = 0;
  losses_pending_->Wait();
  own_losses_.clear();
  double sum = 0;
  for (const double loss : losses_) sum += loss;  // in the order of the shards
  return sum;
}

// Where a group makes exchanges at once, a bucket is shared before the next one is sent, on every process.
void ShardSum::SendNext() {
  buckets_[sent_++].Send();
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

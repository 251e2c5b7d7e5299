#include "tasks/direction/training.h"

#include <algorithm>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "tasks/direction/features.h"
#include "train/shard_loss.h"

namespace eddy {

DirectionTraining::DirectionTraining(TrainedDirection& direction, const PriceSet& prices, const DirectionBatching& batching,
                                     uint64_t seed, Precision precision)
    : direction_(direction), batching_(batching), seed_(seed), precision_(precision) {
  const DirectionDesign& design = direction.design();
  const std::vector<std::vector<double>> market = MarketReturns(prices);
  for (size_t s = 0; s < prices.series.size(); ++s) {
    const ReturnSeries& series = prices.series[s];
    const std::vector<DirectionLabel> labels = LabelsOf(series, design);
    Rows rows;
    rows.features = ScaledDirectionFeatures(series, market[s], design);
    std::vector<size_t> ends;  // of each refit: after the last origin that it may learn from
    for (const DirectionRefit& refit : design.refits) {
      const size_t begin = FirstReturnFrom(series, refit.begin), reach = design.horizon + design.embargo;
      ends.push_back(begin >= reach ? begin - reach + 1 : 0);
    }
    for (size_t i = 1; i <= series.size(); ++i) {
      rows.up.push_back(labels[i] == DirectionLabel::kUp);
      rows.refits.push_back(0);
      if (labels[i] == DirectionLabel::kNone) continue;
      for (const size_t end : ends) rows.refits.back() += i < end ? 1 : 0;
      if (rows.refits.back() == 0) continue;
      rows.end = i;
      ++labels_;
    }
    if (rows.end == 0) continue;
    rows_.push_back(std::move(rows));
    before_.push_back((before_.empty() ? 0 : before_.back()) + rows_.back().end);
  }
}

int64_t DirectionTraining::steps_per_epoch() const {
  const size_t step = batching_.rows * batching_.unroll;
  return static_cast<int64_t>((before_.back() + step - 1) / step);
}

DirectionTraining::Batch DirectionTraining::MakeBatch(std::span<const Stretch> stretches, size_t steps) const {
  const DirectionDesign& design = direction_.design();
  const size_t B = stretches.size(), D = design.inputs(), R = design.refits.size();
  Batch batch;
  batch.features = Tensor({steps, B, D});
  batch.up = Tensor({steps, B, 1});
  batch.weights.resize(R);
  for (Tensor& each : batch.weights) each = Tensor({steps, B});
  batch.sequence.steps = steps;
  batch.sequence.rows = B;
  for (size_t b = 0; b < B; ++b) {
    const auto& [rows, begin] = stretches[b];
    for (size_t t = 0; t < std::min(steps, rows->end - begin); ++t) {
      const size_t row = begin + t, at = t * B + b;
      std::copy_n(&rows->features[row * D], D, &batch.features[at * D]);
      batch.up[at] = rows->up[row];
      if (begin > 0 && t < batching_.unroll / 4) continue;  // the network has read too little
      for (size_t r = R - rows->refits[row]; r < R; ++r) batch.weights[r][at] = 1;
    }
  }
  return batch;
}

double DirectionTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(seed_ ^ MixBits(static_cast<uint64_t>(step)));
  Random random(key);
  std::vector<Stretch> all;
  size_t steps = 1;
  for (size_t b = 0; b < batching_.rows; ++b) {
    const size_t place = random.Below(before_.back());
    const Rows& rows = rows_[static_cast<size_t>(std::upper_bound(before_.begin(), before_.end(), place) - before_.begin())];
    const size_t length = std::min(batching_.unroll, rows.end);
    all.push_back({&rows, random.Below(rows.end - length + 1)});
    steps = std::max(steps, length);
  }
  const size_t begin = shard.begin(all.size()), end = shard.end(all.size());
  if (begin == end) return 0;
  const Batch batch = MakeBatch(std::span(all).subspan(begin, end - begin), steps);
  const Batch whole = shard.count == 1 ? Batch{} : MakeBatch(all, steps);
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  const DirectionDesign& design = direction_.design();
  Var sum;
  for (size_t n = 0; n < design.networks(); ++n) {
    const size_t refit = n / design.members;
    const Tensor& weights = batch.weights[refit];
    const Var loss =
        BernoulliLoss(tape, direction_.network().Forward(tape, batch.features, batch.sequence, n), batch.up, weights);
    const double of_batch = shard.count == 1 ? 0 : Sum(whole.weights[refit]);
    const Var share = ShareOfLoss(tape, loss, shard, Sum(weights), of_batch);
    sum = sum ? Add(tape, sum, share) : share;
  }
  const double share = tape.Value(sum)[0] / static_cast<double>(design.networks());
  tape.Backward(sum, worker.complete);
  return share;
}

}  // namespace eddy

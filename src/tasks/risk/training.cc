#include "tasks/risk/training.h"

#include <algorithm>
#include <cmath>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "tasks/risk/features.h"
#include "tasks/risk/head.h"
#include "train/process_exchange.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr double kMostTarget = 30;    // deviations
constexpr double kRealisedShare = 1;  // of the realised variance's loss beside the others

bool Has(const std::vector<OriginUse>& uses, OriginUse use) {
  return std::find(uses.begin(), uses.end(), use) != uses.end();
}

float LimitedTarget(double value) {
  return std::isnan(value) ? 0 : static_cast<float>(std::clamp(value, -kMostTarget, kMostTarget));
}

}  // namespace

RiskTraining::RiskTraining(TrainedRisk& risk, std::span<const ReturnSeries> series, std::span<const SeriesFit> fits,
                           std::span<const std::vector<OriginUse>> uses, const RiskBatching& batching, uint64_t seed,
                           Threads& threads, Precision precision)
    : risk_(risk), batching_(batching), seed_(seed), threads_(threads), precision_(precision) {
  const RiskDesign& design = risk.design();
  for (size_t s = 0; s < series.size(); ++s) {
    if (!Has(uses[s], OriginUse::kTrain)) continue;
    const size_t T = series[s].size();
    Rows& rows = rows_.emplace_back();
    rows.features = ScaledFeatures(series[s], fits[s], design);
    rows.uses.assign(uses[s].begin() + 1, uses[s].end());
    const std::vector<double> targets = HorizonReturns(series[s], design.horizon);
    const std::vector<double> deviations = HorizonDeviations(fits[s].leverage, series[s], fits[s].mean, design.horizon);
    const double mean = fits[s].mean * static_cast<double>(design.horizon);
    for (size_t i = 1; i <= T; ++i) {
      rows.targets.push_back(LimitedTarget((targets[i] - mean) / deviations[i]));
      if (rows.uses[i - 1] != OriginUse::kNone) rows.end = i;
    }
    before_.push_back((before_.empty() ? 0 : before_.back()) + rows.end);
    if (design.columns.realised.empty()) continue;
    const size_t m = design.target_measure();
    const LogHar& har = fits[s].har[m];
    const std::vector<double> logs = series[s].LogMeasure(m);
    const std::vector<double> realised = HorizonMeasure(series[s], m, design.horizon);
    const double deviation = std::sqrt(std::max(har.residual, 1e-12));
    for (size_t i = 1; i <= T; ++i) {
      rows.realised.push_back(LimitedTarget((realised[i] - har.Predict(logs, i)) / deviation));
    }
  }
}

int64_t RiskTraining::steps_per_epoch() const {
  const size_t step = batching_.rows * batching_.unroll;
  return static_cast<int64_t>((before_.back() + step - 1) / step);
}

HeldOutSize RiskTraining::held_out_size() const {
  const auto rows = static_cast<double>(before_.back());
  return {rows, rows};
}

RiskTraining::Batch RiskTraining::MakeBatch(std::span<const Rows* const> rows, std::span<const size_t> begins, size_t steps,
                                            OriginUse use, size_t warm) const {
  const size_t B = rows.size(), D = risk_.design().inputs();
  const bool realised = !risk_.design().columns.realised.empty();
  Batch batch;
  batch.features = Tensor({steps, B, D});
  batch.targets = Tensor({steps, B});
  batch.weights = Tensor({steps, B});
  if (realised) batch.realised = Tensor({steps, B});
  batch.sequence.steps = steps;
  batch.sequence.rows = B;
  for (size_t b = 0; b < B; ++b) {
    const size_t length = std::min(steps, rows[b]->end - begins[b]);
    for (size_t t = 0; t < length; ++t) {
      const size_t row = begins[b] + t, at = t * B + b;
      std::copy_n(&rows[b]->features[row * D], D, &batch.features[at * D]);
      batch.targets[at] = rows[b]->targets[row];
      if (realised) batch.realised[at] = rows[b]->realised[row];
      const bool has_read = t >= warm || begins[b] == 0;  // else what it says is that of a network which has read too little
      batch.weights[at] = has_read && rows[b]->uses[row] == use ? 1 : 0;
    }
  }
  return batch;
}

Var RiskTraining::Loss(Tape& tape, Var raw, const Batch& batch) const {
  const RiskDesign& design = risk_.design();
  const size_t tails = design.density_parameters() + 2 * design.levels.size();
  if (design.columns.realised.empty()) {
    return RiskLoss(tape, raw, batch.targets, batch.weights, design.levels, design.density);
  }
  const Var loss =
      RiskLoss(tape, SliceColumns(tape, raw, 0, tails), batch.targets, batch.weights, design.levels, design.density);
  const Var realised = GaussianLoss(tape, SliceColumns(tape, raw, tails, tails + 2), batch.realised, batch.weights);
  return Add(tape, loss, Scale(tape, realised, static_cast<Real>(kRealisedShare)));
}

double RiskTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(seed_ ^ MixBits(static_cast<uint64_t>(step)));
  Random random(key);
  std::vector<const Rows*> rows;
  std::vector<size_t> begins;
  size_t steps = 1;
  for (size_t b = 0; b < batching_.rows; ++b) {
    const size_t place = random.Below(before_.back());
    rows.push_back(&rows_[static_cast<size_t>(std::upper_bound(before_.begin(), before_.end(), place) - before_.begin())]);
    const size_t length = std::min(batching_.unroll, rows.back()->end);
    begins.push_back(random.Below(rows.back()->end - length + 1));
    steps = std::max(steps, length);
  }
  const auto batch_of = [&](size_t begin, size_t end) {
    return MakeBatch(std::span(rows).subspan(begin, end - begin), std::span(begins).subspan(begin, end - begin), steps,
                     OriginUse::kTrain, batching_.unroll / 4);
  };
  const size_t begin = shard.begin(batching_.rows), end = shard.end(batching_.rows);
  if (begin == end) return 0;
  const Batch batch = batch_of(begin, end);
  const double of_batch = shard.count == 1 ? 0 : Sum(batch_of(0, batching_.rows).weights);
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  Var sum;
  const size_t members = risk_.design().members;
  for (size_t m = 0; m < members; ++m) {
    const Var loss = Loss(tape, risk_.network().Forward(tape, batch.features, batch.sequence, m), batch);
    sum = sum ? Add(tape, sum, loss) : loss;
  }
  sum = ShareOfLoss(tape, sum, shard, Sum(batch.weights), of_batch);
  const double share = tape.Value(sum)[0] / static_cast<double>(members);
  tape.Backward(sum, worker.complete);
  return share;
}

std::optional<double> RiskTraining::ValidateTogether(ProcessGroup& group, double) {
  std::vector<const Rows*> judged;
  for (const Rows& rows : rows_) {
    if (Has(rows.uses, OriginUse::kValidate)) judged.push_back(&rows);
  }
  std::vector<WeightedLoss> losses;
  for (const Rows* const& rows : OwnShare(group).Of(std::span<const Rows* const>(judged))) {
    const size_t begin = 0;
    const Batch batch = MakeBatch(std::span(&rows, 1), std::span(&begin, 1), rows->end, OriginUse::kValidate, 0);
    Tape tape(threads_, Tape::Mode::kInference);
    Var mean;
    const size_t members = risk_.design().members;
    for (size_t m = 0; m < members; ++m) {
      const Var raw = risk_.network().Forward(tape, batch.features, batch.sequence, m);
      mean = mean ? Add(tape, mean, raw) : raw;
    }
    mean = Scale(tape, mean, Real{1} / static_cast<Real>(members));
    losses.push_back({tape.Value(Loss(tape, mean, batch))[0], Sum(batch.weights)});
  }
  return MeanOfAll(group, std::move(losses));
}

}  // namespace eddy

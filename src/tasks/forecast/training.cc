#include "tasks/forecast/training.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "data/even_sample.h"
#include "eddy/loss.h"
#include "tasks/forecast/split.h"
#include "tasks/forecast/start.h"
#include "train/process_exchange.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr size_t kOrigins = 24;  // of one pass: they share the cost of reading the window
constexpr size_t kStartWindows = 2000;
constexpr size_t kValidationRows = 256;
constexpr double kLeastLook = 512;  // windows

double PinballLoss(double quantile, double actual, double forecast) {
  const double above = actual - forecast;
  return std::max(quantile * above, (quantile - 1) * above);
}

}  // namespace

ForecastTraining::ForecastTraining(ForecastModel& forecaster, const SeriesSet& set, const ForecastSplit& split,
                                   const ForecastBatching& batching, uint64_t seed, Threads& threads, Precision precision)
    : forecaster_(forecaster),
      set_(set),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      validation_(split.validation) {
  const ForecastDesign& design = forecaster.design();
  for (size_t i = 0; i < set.series.size(); ++i) {
    const size_t end = split.ends[i];
    if (end <= kLeastHistory) continue;
    const size_t last = std::max(kLeastHistory, end - std::min(end, design.horizon));
    origins_.push_back({std::max(kLeastHistory, std::min(design.window, last / 2)), last});
    windows_.push_back((windows_.empty() ? 0 : windows_.back()) + origins_.back().count());
    series_.emplace_back(set, set.series[i], design, end);
    for (const RowRange& stretch : split.spared[i]) series_.back().Spare(stretch.begin, stretch.end);
  }
  for (const Window& window : validation_) {
    validation_series_.emplace_back(set, set.series[window.series], design, window.origin).KeepEnd(design.window);
  }
}

void ForecastTraining::StartFromReferences() {
  const ForecastDesign& design = forecaster_.design();
  ForecastStart start(design);
  Random random(MixBits(seed_));
  for (size_t i = 0; i < kStartWindows; ++i) {
    const ForecastPass pass = RandomPass(random);
    start.Add(*pass.series, pass.origin);
  }
  start.SetBias(forecaster_.network().head_bias());
}

int64_t ForecastTraining::steps_per_epoch() const {
  const size_t windows = batching_.rows * kOrigins;
  return static_cast<int64_t>((windows_.back() + windows - 1) / windows);
}

double ForecastTraining::units_per_step() const {
  return static_cast<double>(batching_.rows * (forecaster_.design().window + kOrigins - 1));
}

// Any window of any series is as likely as any other.
ForecastPass ForecastTraining::RandomPass(Random& random) const {
  const uint64_t window = random.Below(windows_.back());
  const size_t i = static_cast<size_t>(std::upper_bound(windows_.begin(), windows_.end(), window) - windows_.begin());
  return {&series_[i], origins_[i].last - static_cast<size_t>(windows_[i] - 1 - window)};
}

double ForecastTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(seed_ ^ MixBits(static_cast<uint64_t>(step)));
  Random random(key);
  std::vector<ForecastPass> passes;
  for (size_t b = 0; b < batching_.rows; ++b) passes.push_back(RandomPass(random));
  const ForecastDesign& design = forecaster_.design();
  const auto targets_of = [&](std::span<const ForecastPass> rows) {
    return MakeForecastTargets(rows, kOrigins, kLeastHistory, design);
  };
  const size_t begin = shard.begin(batching_.rows), end = shard.end(batching_.rows);
  if (begin == end) return 0;
  const std::span<const ForecastPass> rows = std::span(passes).subspan(begin, end - begin);
  const ForecastTargets targets = targets_of(rows);
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  const Var quantiles = forecaster_.network().Forward(tape, MakeForecastInput(rows, kOrigins, design));
  const Var mean = Pinball(tape, quantiles, targets.values, design.quantiles, targets.weights);
  const double of_batch = shard.count == 1 ? 0 : Sum(targets_of(passes).weights);
  const Var loss = ShareOfLoss(tape, mean, shard, Sum(targets.weights), of_batch);
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize ForecastTraining::held_out_size() const {
  const auto rows = static_cast<double>(forecaster_.design().window);
  return {rows * static_cast<double>(validation_.size()), rows * kLeastLook};
}

std::vector<ForecastTraining::Weighed> ForecastTraining::Measure(std::span<const size_t> windows) const {
  const ForecastDesign& design = forecaster_.design();
  const size_t H = design.horizon, Q = design.quantiles.size();
  std::vector<Weighed> measured;
  for (size_t begin = 0; begin < windows.size(); begin += kValidationRows) {
    const std::span<const size_t> some = windows.subspan(begin, std::min(kValidationRows, windows.size() - begin));
    std::vector<ForecastPass> passes;
    for (const size_t w : some) passes.push_back({&validation_series_[w], validation_[w].origin});
    Tape tape(threads_, Tape::Mode::kInference);
    const Tensor forecasts = tape.Value(forecaster_.network().Forward(tape, MakeForecastInput(passes, 1, design)));
    for (size_t b = 0; b < some.size(); ++b) {
      const Series& series = set_.series[validation_[some[b]].series];
      const ForecastSeries& history = validation_series_[some[b]];
      Weighed& of_window = measured.emplace_back();
      for (size_t h = 0; h < H; ++h) {
        const size_t row = history.rows() + h;
        if (row >= series.size() || !series.observed[row]) continue;
        const double actual = history.FromLevel(history.rows(), series.target[row]);
        of_window.weight += history.weight();
        for (size_t q = 0; q < Q; ++q) {
          of_window.loss += history.weight() * PinballLoss(design.quantiles[q], actual, forecasts[(b * H + h) * Q + q]);
        }
      }
    }
  }
  return measured;
}

std::optional<double> ForecastTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (validation_.empty()) return std::nullopt;
  const double most = std::max(kLeastLook, most_units / static_cast<double>(forecaster_.design().window));
  const std::vector<size_t> sample = EvenSample(validation_.size(), most);
  Weighed sum;
  for (const Weighed& window : Joined(group, Measure(OwnShare(group).Of(std::span<const size_t>(sample))))) {
    sum.loss += window.loss;
    sum.weight += window.weight;
  }
  return sum.weight > 0 ? std::optional(sum.loss / sum.weight) : std::nullopt;
}

}  // namespace eddy

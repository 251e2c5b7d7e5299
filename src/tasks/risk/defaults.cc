#include "tasks/risk/defaults.h"

#include <algorithm>
#include <cmath>

#include "tasks/risk/features.h"
#include "tasks/risk/floors.h"

namespace eddy {
namespace {

// Means and deviations of the features over the rows before what is judged, of all series.
void FitScaling(const RiskData& data, RiskDesign& design) {
  const size_t D = design.inputs();
  std::vector<double> sums(D, 0), squares(D, 0);
  double count = 0;
  size_t fit = 0;
  for (size_t s = 0; s < data.prices.series.size(); ++s) {
    if (data.split.begins[s] < kLeastReturns || fit >= design.fits.size()) continue;
    if (design.fits[fit].name != data.prices.series[s].name) continue;
    const std::vector<double> raw = RawFeatures(data.prices.series[s], design.fits[fit++], design);
    for (size_t row = 0; row < data.split.begins[s]; ++row) {
      for (size_t d = 0; d < D; ++d) {
        sums[d] += raw[row * D + d];
        squares[d] += raw[row * D + d] * raw[row * D + d];
      }
      ++count;
    }
  }
  for (size_t d = 0; d < D; ++d) {
    const double mean = sums[d] / count, variance = squares[d] / count - mean * mean;
    design.feature_mean.push_back(mean);
    design.feature_deviation.push_back(variance > 1e-12 * (1 + mean * mean) ? std::sqrt(variance) : 1);
  }
}

}  // namespace

RiskSetup DefaultRiskSetup(const RiskData& data, const RiskOptions& options, ProcessGroup& group) {
  RiskSetup setup;
  RiskDesign& design = setup.design;
  design.columns = data.prices.columns;
  design.levels = options.levels.empty() ? std::vector<double>{0.01, 0.025, 0.05} : options.levels;
  design.horizon = options.horizon;
  design.density = options.density;
  design.members = options.members;
  design.until = data.split.until;
  std::vector<size_t> trained;
  for (size_t s = 0; s < data.prices.series.size(); ++s) {
    const std::vector<OriginUse>& uses = data.split.uses[s];
    if (std::find(uses.begin(), uses.end(), OriginUse::kTrain) != uses.end()) trained.push_back(s);
  }
  design.fits = SharedOut(group, trained.size(), [&](size_t i) {
    return FitSeries(data.prices.series[trained[i]], design, data.split.begins[trained[i]]);
  });
  FitScaling(data, design);
  StackOptions stack;
  stack.layer.hidden = 16;
  design.encoder = {design.inputs(), {stack}};
  design.dropout = 0.2;
  setup.batching.rows = 16;
  setup.batching.unroll = 128;

  TrainingOptions& training = setup.training;
  training.schedule.rate = 1e-3;
  training.schedule.warmup = 0.1;
  training.schedule.final = 0.01;
  training.optimizer.weight_decay = 0.1;
  training.average_decay = 0.98;
  training.limit = "steps";
  training.amount = 200;
  return setup;
}

}  // namespace eddy

#include "tasks/direction/defaults.h"

#include <cmath>

#include "eddy/error.h"
#include "tasks/direction/features.h"

namespace eddy {
namespace {

// Means and deviations of the features over the days before the first refit's part, of all series.
void FitScaling(const PriceSet& prices, DirectionDesign& design) {
  const size_t D = DirectionFeatureCount(design.columns);
  const std::vector<std::vector<double>> market = MarketReturns(prices);
  std::vector<double> sums(D, 0), squares(D, 0);
  double count = 0;
  for (size_t s = 0; s < prices.series.size(); ++s) {
    const std::vector<double> raw = DirectionFeatures(prices.series[s], market[s]);
    for (size_t row = 0; row < FirstReturnFrom(prices.series[s], design.refits[0].begin); ++row) {
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

void FitFloors(const PriceSet& prices, const DirectionDesign& design, DirectionRefit& refit) {
  std::vector<double> lagged;
  std::vector<uint8_t> up;
  double ups = 0;
  for (const ReturnSeries& series : prices.series) {
    const std::vector<DirectionLabel> labels = LabelsOf(series, design);
    const std::vector<double> of_series = LaggedReturns(series);
    for (size_t i = 1; i <= series.size(); ++i) {
      if (labels[i] == DirectionLabel::kNone || !MayLearn(series, i, refit, design)) continue;
      up.push_back(labels[i] == DirectionLabel::kUp);
      ups += up.back();
      lagged.insert(lagged.end(), &of_series[i * kLags], &of_series[i * kLags] + kLags);
    }
  }
  if (up.empty()) Fail("direction", "the prices", "days that rose or fell before what is held out", "none");
  refit.up_share = ups / static_cast<double>(up.size());
  refit.logistic = FitDenseLogistic(lagged, kLags, up);
}

}  // namespace

DirectionSetup DefaultDirectionSetup(const DirectionData& data, const DirectionOptions& options) {
  DirectionSetup setup;
  DirectionDesign& design = setup.design;
  design.columns = data.prices.columns;
  design.horizon = options.horizon;
  design.embargo = options.embargo.value_or(options.horizon);
  design.members = options.members;
  design.rise = options.rise;
  design.fall = options.fall;
  design.costs = options.costs;
  design.tried = options.tried;
  for (const double begin : data.refit_begins) {
    design.refits.push_back({begin, 0.5, {}});
    FitFloors(data.prices, design, design.refits.back());
  }
  FitScaling(data.prices, design);
  StackOptions stack;
  stack.layer.hidden = 16;
  design.encoder = {design.inputs(), {stack}};
  design.dropout = 0.3;
  setup.batching.rows = 32;
  setup.batching.unroll = 40;

  TrainingOptions& training = setup.training;
  training.schedule.rate = 1e-3;
  training.schedule.warmup = 0.1;
  training.schedule.final = 0.01;
  training.optimizer.weight_decay = 0.1;
  training.average_decay = 0.98;
  training.limit = "steps";
  training.amount = 300;
  return setup;
}

}  // namespace eddy

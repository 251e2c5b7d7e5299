#include "tasks/forecast/defaults.h"

#include <algorithm>

#include "floors/season.h"

namespace eddy {

ForecastSetup DefaultForecastSetup(const SeriesSet& set, const ForecastSplit& split, size_t horizon, size_t season) {
  ForecastSetup setup;
  ForecastDesign& design = setup.design;
  design.columns = set.columns;
  design.step = set.axis.StepName();
  design.calendar = set.axis.FeatureNames().size();
  design.horizon = horizon;
  design.season = season > 0 ? season : GuessSeason(set, split.ends);
  design.seasons = ReferenceSeasons(set, split.ends, design.season, horizon);
  design.window = DefaultWindow(design.seasons, horizon, split.ends);
  design.quantiles = {0.1, 0.5, 0.9};
  StackOptions stack;
  stack.layer.hidden = 128;
  design.encoder = {design.inputs(), {stack}};
  setup.batch = 32;

  TrainingOptions& training = setup.training;
  training.schedule.rate = 3e-3;
  training.schedule.warmup = 0.03;
  training.schedule.final = 0.01;
  training.average_decay = 0.99;
  training.limit = "steps";
  training.amount = 1500;
  return setup;
}

}  // namespace eddy

#include "tasks/forecast/defaults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "eddy/error.h"
#include "floors/season.h"

namespace eddy {
namespace {

// A season that no series repeats cannot be told from none, and no error can be scaled by it.
void RequireSeason(size_t season, std::span<const size_t> ends) {
  const size_t longest = *std::max_element(ends.begin(), ends.end());
  if (season <= 1 || season < longest) return;
  Fail("train forecast", "the season", fmt::format("shorter than the {} rows of the longest training part", longest),
       Counted(season, "row"));
}

// Whether no value of the training parts is below 0.
bool IsNonnegative(const SeriesSet& set, std::span<const size_t> ends) {
  for (size_t i = 0; i < set.series.size(); ++i) {
    const Observations known = set.series[i].all().first(ends[i]);
    for (size_t t = 0; t < known.size(); ++t) {
      if (known.observed[t] && known.values[t] < 0) return false;
    }
  }
  return true;
}

}  // namespace

ForecastSetup DefaultForecastSetup(const SeriesSet& set, const ForecastSplit& split, size_t horizon, size_t season) {
  ForecastSetup setup;
  ForecastDesign& design = setup.design;
  design.columns = set.columns;
  design.step = set.axis.StepName();
  if (set.axis.calendar().has_closed()) design.open = set.axis.calendar();
  design.calendar = set.axis.FeatureNames().size();
  design.horizon = horizon;
  RequireSeason(season, split.ends);
  design.season = season > 0 ? season : GuessSeason(set, split.ends);
  design.seasons = ReferenceSeasons(set, split.ends, design.season, horizon);
  design.window = DefaultWindow(design.seasons, horizon, split.ends);
  design.quantiles = {0.1, 0.5, 0.9};
  design.nonnegative = IsNonnegative(set, split.ends);
  StackOptions stack;
  stack.layer.hidden = 128;
  design.encoder = {design.inputs(), {stack}};

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

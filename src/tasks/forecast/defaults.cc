#include "tasks/forecast/defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

// Sets what the signs of the values of the training parts say: whether none is below 0, and whether most are 0.
void SetSigns(const SeriesSet& set, std::span<const size_t> ends, ForecastDesign& design) {
  size_t below = 0, zero = 0, all = 0;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const Observations known = set.series[i].all().first(ends[i]);
    for (size_t t = 0; t < known.size(); ++t) {
      if (!known.observed[t]) continue;
      ++all;
      below += known.values[t] < 0;
      zero += known.values[t] == 0;
    }
  }
  design.nonnegative = below == 0;
  design.intermittent = below == 0 && 2 * zero > all;
}

// So many that each row that a forecast can begin at is seen some times, the fewer the more there are; what few rows have to
// say is learned soon, and by heart soon after.
double DefaultSteps(std::span<const size_t> ends) {
  double rows = 0;
  for (const size_t end : ends) rows += static_cast<double>(end);
  const double few = 32 * std::sqrt(rows), many = 5 * std::sqrt(rows);
  return std::round(std::clamp(few, 300.0, std::clamp(many, 1500.0, 4000.0)));
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
  SetSigns(set, split.ends, design);
  design.trends = design.seasons.empty() && !design.intermittent;
  StackOptions stack;
  stack.layer.hidden = 128;
  design.encoder = {design.inputs(), {stack}};

  TrainingOptions& training = setup.training;
  training.schedule.rate = 3e-3;
  training.schedule.warmup = 0.03;
  training.schedule.final = 0.01;
  training.average_decay = 0.99;
  training.limit = "steps";
  training.amount = DefaultSteps(split.ends);
  training.validations = 50;
  training.look_early = true;
  training.patience = 25;
  return setup;
}

}  // namespace eddy

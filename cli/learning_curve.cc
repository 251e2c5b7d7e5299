#include "learning_curve.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace eddy {
namespace {

// NaN where there was no look.
double BestUpTo(const TrainingResult& run, int64_t step) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const ValidationPoint& point : run.history.validation) {
    if (point.step <= step && !(point.loss >= best)) best = point.loss;
  }
  return best;
}

}  // namespace

std::string DescribeCurve(const TrainingResult& run) {
  if (run.history.validation.size() < 3) return "";
  std::string steps, losses;
  for (int64_t part = 16; part >= 1; part /= 2) {
    const int64_t step = run.steps / part;
    const double best = BestUpTo(run, step);
    if (std::isnan(best)) continue;  // nothing was looked at before
    steps += fmt::format("{}{}", steps.empty() ? "" : ", ", step);
    losses += fmt::format("{}{:.4g}", losses.empty() ? "" : ", ", best);
  }
  const double half = BestUpTo(run, run.steps / 2), end = BestUpTo(run, run.steps);
  const std::string brought = std::isnan(half) ? "looked at in the second half of the run alone"
                              : end < half
                                  ? fmt::format("the second half of the run took off {:.2g}%", 100 * (1 - end / half))
                                  : std::string("the second half of the run brought nothing");
  return fmt::format("Validation loss after {} steps: {}; best at step {}, {}.", steps, losses, run.best_step, brought);
}

OrderedJson CurveJson(const TrainingResult& run) {
  OrderedJson json = OrderedJson::array();
  for (const ValidationPoint& point : run.history.validation) {
    json.push_back({{"step", point.step}, {"loss", std::isfinite(point.loss) ? OrderedJson(point.loss) : OrderedJson()}});
  }
  return json;
}

}  // namespace eddy

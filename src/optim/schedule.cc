#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/nearest.h"
#include "eddy/error.h"
#include "eddy/optim.h"

namespace eddy {
namespace {

constexpr std::string_view kNames[] = {"constant", "cosine", "step", "plateau"};

void RequireRange(bool holds, std::string_view argument, std::string_view range, double value) {
  if (!holds) Fail("schedule", argument, range, std::to_string(value));
}

}  // namespace

Schedule::Schedule(const ScheduleOptions& options) : options_(options) {
  if (std::find(std::begin(kNames), std::end(kNames), options.name) == std::end(kNames)) {
    const std::string nearest = Nearest(options.name, kNames);
    std::string given = options.name;
    if (!nearest.empty()) given.append(" (did you mean ").append(nearest).append("?)");
    Fail("schedule", "name", "one of constant, cosine, step, plateau", given);
  }
  RequireRange(options.rate >= 0 && std::isfinite(options.rate), "rate", "finite, at least 0", options.rate);
  RequireRange(options.warmup >= 0 && options.warmup <= 1, "warmup", "in [0, 1]", options.warmup);
  RequireRange(options.final >= 0 && options.final <= 1, "final", "in [0, 1]", options.final);
  RequireRange(options.factor > 0 && options.factor <= 1, "factor", "in (0, 1]", options.factor);
  RequireRange(options.every > 0 && options.every <= 1, "every", "in (0, 1]", options.every);
  RequireRange(options.patience >= 1, "patience", "at least 1", options.patience);
}

double Schedule::Rate(double progress) const {
  progress = std::clamp(progress, 0., 1.);
  if (progress < options_.warmup) return options_.rate * progress / options_.warmup;
  if (options_.name == "cosine") {
    const double rest = 1 - options_.warmup;
    const double done = rest > 0 ? (progress - options_.warmup) / rest : 1;
    const double share = 0.5 * (1 + std::cos(std::numbers::pi * done));  // 1 to 0
    return options_.rate * (options_.final + (1 - options_.final) * share);
  }
  if (options_.name == "step") return options_.rate * std::pow(options_.factor, std::floor(progress / options_.every));
  return options_.rate * state.scale;  // which only a plateau changes
}

void Schedule::Observe(double validation_loss) {
  if (options_.name != "plateau") return;
  if (validation_loss < state.best) {
    state.best = validation_loss;
    state.waited = 0;
  } else if (++state.waited >= options_.patience) {
    state.scale *= options_.factor;
    state.waited = 0;
  }
}

}  // namespace eddy

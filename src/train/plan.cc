#include "train/plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr int64_t kMostSteps = int64_t{1} << 40;

// Shares of the time after which to measure (the first: after the first step). Dense at the beginning, where a step's time
// is not known well, and at the end, where an error could no longer be made up for.
constexpr std::array kMeasureAt = {0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95};

int64_t ToSteps(double steps) { return static_cast<int64_t>(std::clamp(std::round(steps), 0.0, double{kMostSteps})); }

}  // namespace

Plan::Plan(const std::string& limit, double amount, int64_t steps_per_epoch) {
  Require(std::isfinite(amount) && amount > 0, "train", "the number of " + limit, "above 0", std::to_string(amount));
  if (limit == "minutes") {
    minutes_ = amount;
  } else if (limit == "epochs" || limit == "steps") {
    const double steps = limit == "epochs" ? amount * static_cast<double>(steps_per_epoch) : amount;
    state.steps = std::max<int64_t>(ToSteps(steps), 1);
  } else {
    Fail("train", "the limit", "one of epochs, steps, minutes", limit);
  }
}

double Plan::MostShare() const {
  const auto next = static_cast<size_t>(state.measurements);
  return minutes_ == 0 || state.steps == 0 || next == kMeasureAt.size() ? 1 : std::max(state.from_share, kMeasureAt[next]);
}

double Plan::Share(int64_t step) const {
  if (!measured()) return 0;
  if (step >= total()) return MostShare();
  const double done = static_cast<double>(step - state.from_step) / static_cast<double>(state.steps);
  return std::min(state.from_share + (1 - state.from_share) * done, MostShare());
}

void Plan::Measure(int64_t step, double seconds) {
  const size_t next = static_cast<size_t>(state.measurements);
  const double budget = minutes_ * 60;
  const bool too_soon = measured() && step >= total();  // the steps that were measured were slower than the rest
  if (minutes_ == 0 || next == kMeasureAt.size() || (seconds < kMeasureAt[next] * budget && !too_soon)) return;

  const double seconds_a_step = (seconds - state.from_seconds) / static_cast<double>(step - state.from_step);
  const double left = std::max(budget - seconds, 0.0);
  const double share = measured() ? Share(step) : std::min(seconds / budget, 1.0);
  int64_t measurements = state.measurements;
  while (static_cast<size_t>(measurements) < kMeasureAt.size() &&
         seconds >= kMeasureAt[static_cast<size_t>(measurements)] * budget) {
    ++measurements;  // a slow step may pass several marks
  }
  state = {step, share, ToSteps(left / std::max(seconds_a_step, 1e-9)), seconds, measurements};
}

void Plan::GoOnFrom(int64_t step, double seconds) {
  if (step > 0) Measure(step, seconds);  // steps and epochs are known without
}

int64_t Plan::MarksPassed(int64_t step, int count) const {
  constexpr double kRounding = 1e-9;  // of the share
  return static_cast<int64_t>((Share(step) + kRounding) * count);
}

bool Plan::Passed(int64_t step, int count, int64_t& marks) const {
  const int64_t now = MarksPassed(step, count);
  const bool passed = now > marks;
  marks = std::max(marks, now);
  return passed;
}

Json ToJson(const Plan::State& state) {
  return {{"from_step", state.from_step},
          {"from_share", state.from_share},
          {"steps", state.steps},
          {"from_seconds", state.from_seconds},
          {"measurements", state.measurements}};
}

Plan::State PlanStateFromJson(const Json& json) {
  Plan::State state;
  state.from_step = IntegerField(json, "from_step", 0, kMostSteps);
  state.from_share = NumberField(json, "from_share");
  state.steps = IntegerField(json, "steps", 0, kMostSteps);
  state.from_seconds = NumberField(json, "from_seconds");
  state.measurements = IntegerField(json, "measurements", 0, kMeasureAt.size());
  Require(state.from_share >= 0 && state.from_share <= 1, "stored plan", "from_share", "between 0 and 1", "not");
  return state;
}

}  // namespace eddy

// Plan: how many steps a run has, and which share of it is done after each. With a limit in epochs or steps both are known
// at the start. With a limit in minutes the steps that are left are estimated from the time the steps so far took, after the
// first step and again when certain shares of the time are gone, or the estimated steps are done before; between these
// measurements the plan, and with it the learning rate, is a function of the step alone, which never passes the share at
// which it is measured next: a slow first step uses up nothing. It is stored in the checkpoint.
#pragma once

#include <cstdint>
#include <string>

#include "model/json.h"

namespace eddy {

class Plan {
 public:
  // limit: epochs, steps or minutes; amount above 0. Throws Error otherwise.
  Plan(const std::string& limit, double amount, int64_t steps_per_epoch);

  double Share(int64_t step) const;  // that is done after `step` steps: from 0 to 1, never falling as steps are measured
  int64_t total() const { return state.from_step + state.steps; }
  bool Finished(int64_t step) const { return measured() && step >= total(); }

  // How many of `count` marks spread evenly over the run lie at or before a step; a mark that falls on a step is passed by
  // it.
  int64_t MarksPassed(int64_t step, int count) const;
  // Whether that is more than `marks`, those passed so far, which it is put into.
  bool Passed(int64_t step, int count, int64_t& marks) const;

  // Told after every step how long the run has taken; only a limit in minutes listens.
  void Measure(int64_t step, double seconds);

  // Of a run that was shorter and has come to `step`: what is left is planned anew, for the whole amount.
  void GoOnFrom(int64_t step, double seconds);

  // The share rises in a straight line from `from_share` at `from_step` towards 1 over `steps`.
  struct State {
    int64_t from_step = 0;
    double from_share = 0;
    int64_t steps = 0;
    double from_seconds = 0;  // when from_step was reached
    int64_t measurements = 0;
  };
  State state;

 private:
  double MostShare() const;  // before the next measurement
  bool measured() const { return minutes_ == 0 || state.measurements > 0; }

  double minutes_ = 0;  // 0 for another limit
};

Json ToJson(const Plan::State& state);
Plan::State PlanStateFromJson(const Json& json);  // throws Error

}  // namespace eddy

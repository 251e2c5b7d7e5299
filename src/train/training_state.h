// The numbers of a training run between two steps: with the arrays of the checkpoint, all that the next step depends on.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "eddy/optim.h"
#include "model/json.h"
#include "train/history.h"
#include "train/plan.h"

namespace eddy {

struct TrainingState {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  int64_t step = 0;    // steps done
  double seconds = 0;  // they took
  bool ended = false;  // by the plan or early
  bool early = false;
  Plan::State plan;
  Schedule::State schedule;
  int64_t optimizer_steps = 0;
  int64_t average_updates = 0;

  int64_t points = 0;       // marks passed of the history's curve
  int64_t validations = 0;  // and of the validations
  double look_units = 0;    // most that a validation measures; 0 before the first
  int64_t looked_at = 0;    // the step of the last validation that was not left out
  double loss_sum = 0;      // since the last point
  int64_t loss_count = 0;
  int64_t skipped_in_a_row = 0;

  double validation = kNone;  // the last one
  double best = kNone;
  int64_t best_step = 0;
  int64_t waited = 0;  // validations since the best
  History history;
  std::string task;  // TaskState::text
};

Json ToJson(const TrainingState& state);
TrainingState TrainingStateFromJson(const Json& json);  // throws Error

}  // namespace eddy

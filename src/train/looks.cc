#include "train/looks.h"

#include <algorithm>
#include <cmath>

#include "train/measured_share.h"

namespace eddy {
namespace {

constexpr double kEnough = 0.5;  // of a look's cost is to be paid for: looks do not fall evenly, and a plan changes

}  // namespace

double Looks::MeasuredPerStep() const { return kMeasuredShare * task_.units_per_step(); }

void Looks::SettleUnits(TrainingState& state) const {
  if (state.look_units > 0) return;
  const double planned = MeasuredPerStep() * static_cast<double>(plan_.total()) / options_.validations;
  state.look_units = std::max(held_out_.least, planned);
}

// Always where so little is held out that all of it is a least sample, and at the end of the run.
bool Looks::IsPaidFor(const TrainingState& state) const {
  if (state.ended || held_out_.units <= held_out_.least) return true;
  const double paid = MeasuredPerStep() * static_cast<double>(state.step - state.looked_at);
  return paid >= kEnough * std::min(state.look_units, held_out_.units);
}

// Where an early look falls that was not made yet.
bool Looks::EarlyIsDue(const TrainingState& state) const {
  if (!options_.look_early || plan_.total() == 0) return false;
  const std::vector<ValidationPoint>& made = state.history.validation;
  if (!made.empty() && made.back().step == state.step) return false;
  if (state.step == 0) return true;
  constexpr int64_t kFirst = 8;
  int64_t at = kFirst;
  while (at < state.step) at += at / 2;
  return at == state.step && state.validations == 0;
}

bool Looks::Due(TrainingState& state) const {
  const bool even = plan_.Passed(state.step, options_.validations, state.validations);
  const bool early = EarlyIsDue(state);
  if (even || early) SettleUnits(state);
  return (even && IsPaidFor(state)) || early;
}

int64_t Looks::Left(const TrainingState& state) const {
  const int64_t marks = options_.validations - state.validations;
  if (marks <= 0 || held_out_.units <= held_out_.least) return std::max<int64_t>(marks, 0);
  const double paid_a_mark = MeasuredPerStep() * static_cast<double>(plan_.total()) / options_.validations;
  const double cost = kEnough * std::min(state.look_units, held_out_.units);
  const auto marks_a_look = static_cast<int64_t>(std::max(1.0, std::ceil(cost / paid_a_mark)));
  return (marks + marks_a_look - 1) / marks_a_look;  // the last one is never left out
}

}  // namespace eddy

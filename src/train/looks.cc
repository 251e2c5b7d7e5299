#include "train/looks.h"

#include <algorithm>

#include "train/measured_share.h"

namespace eddy {

double Looks::MeasuredPerStep() const { return kMeasuredShare * task_.units_per_step(); }

void Looks::SettleUnits(TrainingState& state) const {
  if (state.look_units > 0) return;
  const double planned = MeasuredPerStep() * static_cast<double>(plan_.total()) / options_.validations;
  state.look_units = std::max(held_out_.least, planned);
}

// Always where so little is held out that all of it is a least sample, and at the end of the run.
bool Looks::IsPaidFor(const TrainingState& state) const {
  if (state.ended || held_out_.units <= held_out_.least) return true;
  constexpr double kEnough = 0.5;  // of the cost: looks do not fall evenly, and a plan changes
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

}  // namespace eddy

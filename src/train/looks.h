// When a run looks at its validation data: at marks spread evenly over it, as far as what was trained since the last look
// pays for one more, and, where that is asked for, early: before the first step, after 8, 12, 18 ... steps, until even looks
// come as often.
#pragma once

#include "eddy/train.h"
#include "train/plan.h"
#include "train/training_state.h"

namespace eddy {

class Looks {
 public:
  // All references must outlive it.
  Looks(const Trainable& task, const TrainingOptions& options, const HeldOutSize& held_out, const Plan& plan)
      : task_(task), options_(options), held_out_(held_out), plan_(plan) {}

  // Whether one is due after state.step steps. Counts the even marks that were passed into the state, and settles at the
  // first look how much each measures.
  bool Due(TrainingState& state) const;

  // About how many are still to come.
  int64_t Left(const TrainingState& state) const;

 private:
  double MeasuredPerStep() const;
  void SettleUnits(TrainingState& state) const;
  bool IsPaidFor(const TrainingState& state) const;
  bool EarlyIsDue(const TrainingState& state) const;

  const Trainable& task_;
  const TrainingOptions& options_;
  const HeldOutSize& held_out_;
  const Plan& plan_;
};

}  // namespace eddy

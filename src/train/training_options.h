// The options of a run as the loop takes them: checked, and as what a run that goes on must share with the one before.
#pragma once

#include "eddy/train.h"
#include "train/checkpoint.h"

namespace eddy {

const TrainingOptions& CheckedOptions(const TrainingOptions& options);  // throws Error for one out of range

// All options that a step of the run depends on, with those that the task has named.
Fingerprint FingerprintOf(const TrainingOptions& options);

// Whether the run is to be longer than the one that left the checkpoint. All else must be the same: throws Error
// otherwise.
bool GoesOnLonger(const TrainingOptions& options, Fingerprint of_checkpoint);

}  // namespace eddy

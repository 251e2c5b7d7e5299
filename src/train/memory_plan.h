// Whether there is memory for a training, asked before it is taken.
#pragma once

#include "eddy/train.h"

namespace eddy {

// What a training takes at least, in bytes: nothing is counted that some network could do without.
struct MemoryPlan {
  double weights = 0;  // with their gradients, the optimizer's moments, the running mean and the best so far
  double step = 0;     // one value for each row of each matrix and each unit of a step, as a backward keeps
  double total() const { return weights + step; }
};
MemoryPlan PlanMemory(Trainable& task, const TrainingOptions& options);

// Of the machine or, where that is less, of the control group: all that there is, not what is free. Infinite where it is not
// known.
double MachineMemory();

// Throws Error that names the options where a plan is beyond `memory`.
void RequireMemory(const MemoryPlan& plan, double memory);

}  // namespace eddy

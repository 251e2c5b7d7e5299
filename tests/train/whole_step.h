// A step of a task whose batch is one shard.
#pragma once

#include "eddy/trainable.h"

namespace eddy {

inline double WholeStep(Trainable& task, int64_t step, Threads& threads) {
  task.BeginStep(step);
  return task.Step(step, {}, {threads});
}

}  // namespace eddy

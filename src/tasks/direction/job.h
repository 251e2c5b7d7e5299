// The training of a model of direction.
#pragma once

#include <memory>

#include "tasks/direction/data.h"
#include "tasks/task.h"

namespace eddy {

// Throws Error, UsageError for options that do not go together.
std::unique_ptr<Job> MakeDirectionJob(DirectionData data, const DirectionOptions& options, TaskContext& context);

}  // namespace eddy

// The training of a model of reserves.
#pragma once

#include <memory>

#include "tasks/reserve/data.h"
#include "tasks/task.h"

namespace eddy {

// Throws Error, UsageError for options that do not go together.
std::unique_ptr<Job> MakeReserveJob(ReserveData data, const ReserveOptions& options, TaskContext& context);

}  // namespace eddy

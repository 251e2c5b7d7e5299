// The training of a model of risk.
#pragma once

#include <memory>

#include "tasks/risk/data.h"
#include "tasks/task.h"

namespace eddy {

// Throws Error, UsageError for options that do not go together.
std::unique_ptr<Job> MakeRiskJob(RiskData data, const RiskOptions& options, TaskContext& context);

}  // namespace eddy

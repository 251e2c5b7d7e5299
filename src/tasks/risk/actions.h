// What can be done with a trained model of risk.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeRiskUse();
std::unique_ptr<EvaluateAction> MakeRiskEvaluation();

}  // namespace eddy

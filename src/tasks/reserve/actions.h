// What can be done with a trained model of reserves.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeReserveUse();
std::unique_ptr<EvaluateAction> MakeReserveEvaluation();

}  // namespace eddy

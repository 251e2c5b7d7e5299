// What can be done with a trained model of direction.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeDirectionUse();
std::unique_ptr<EvaluateAction> MakeDirectionEvaluation();

}  // namespace eddy

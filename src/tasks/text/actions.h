// What can be done with a trained language model.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeTextUse();
std::unique_ptr<EvaluateAction> MakeTextEvaluation();

}  // namespace eddy

// What can be done with a trained classifier.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeClassifierUse();
std::unique_ptr<EvaluateAction> MakeClassifierEvaluation();

}  // namespace eddy

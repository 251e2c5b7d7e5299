// What can be done with a trained composer.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeComposerUse();
std::unique_ptr<EvaluateAction> MakeComposerEvaluation();

}  // namespace eddy

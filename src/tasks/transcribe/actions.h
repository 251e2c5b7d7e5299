// What can be done with a trained transcriber.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeTranscriberUse();
std::unique_ptr<EvaluateAction> MakeTranscriberEvaluation();

}  // namespace eddy

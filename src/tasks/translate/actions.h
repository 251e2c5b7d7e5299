// What can be done with a trained translator.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeTranslatorUse();
std::unique_ptr<EvaluateAction> MakeTranslatorEvaluation();

}  // namespace eddy

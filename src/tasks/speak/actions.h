// What can be done with a trained voice.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeVoiceUse();
std::unique_ptr<EvaluateAction> MakeVoiceEvaluation();

}  // namespace eddy

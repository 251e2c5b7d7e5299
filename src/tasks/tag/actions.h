// What can be done with a trained tagger.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeTaggerUse();
std::unique_ptr<EvaluateAction> MakeTaggerEvaluation();

}  // namespace eddy

// What can be done with a trained forecaster.
#pragma once

#include <memory>

#include "tasks/task.h"

namespace eddy {

std::unique_ptr<UseAction> MakeForecastUse();
std::unique_ptr<EvaluateAction> MakeForecastEvaluation();

}  // namespace eddy

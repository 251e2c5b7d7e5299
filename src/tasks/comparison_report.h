// What to show of a comparison.
#pragma once

#include <string>

#include "tasks/comparison.h"
#include "tasks/report.h"

namespace eddy {

Report MakeComparisonReport(const Comparison& comparison, std::string title);  // of at least one model

}  // namespace eddy

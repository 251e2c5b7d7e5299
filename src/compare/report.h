// What to show of a comparison.
#pragma once

#include <string>

#include "compare/comparison.h"
#include "report/report.h"

namespace eddy {

Report MakeComparisonReport(const Comparison& comparison, std::string title);  // of at least one model

}  // namespace eddy

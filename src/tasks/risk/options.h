// What a model of risk can be told.
#pragma once

#include <vector>

#include "eddy/tasks/risk.h"
#include "options/option_table.h"
#include "prices/prices.h"

namespace eddy {

void Declare(RiskOptions& options, OptionTable& table);  // all but the file
PriceColumns ColumnsOf(const RiskOptions& options);
// Throws UsageError for what does not rise within (0, 0.5), and a high without a low.
void RequireMeaning(const RiskOptions& options);

}  // namespace eddy

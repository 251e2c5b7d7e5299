// What a model of direction can be told.
#pragma once

#include "eddy/tasks/direction.h"
#include "options/option_table.h"
#include "prices/prices.h"

namespace eddy {

void Declare(DirectionOptions& options, OptionTable& table);  // all but the file
PriceColumns ColumnsOf(const DirectionOptions& options);

}  // namespace eddy

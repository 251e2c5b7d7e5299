// What a model of reserves can be told.
#pragma once

#include "eddy/tasks/reserve.h"
#include "options/option_table.h"
#include "tasks/reserve/triangles.h"

namespace eddy {

void Declare(ReserveOptions& options, OptionTable& table);  // all but the file
// --valuation, of every verb.
void DeclareValuation(std::optional<int64_t>& valuation, OptionTable& table);
TriangleColumns ColumnsOf(const ReserveOptions& options);

}  // namespace eddy

// What to show of a model of reserves: the report that training writes, and a look inside while it reads an origin.
#pragma once

#include <string>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "tasks/reserve/evaluation.h"

namespace eddy {

// The first member, while it reads the origins that are open at the set's valuation.
Inside LookInsideReserve(TrainedReserve& reserve, const TriangleSet& set, Threads& threads);

Report MakeReserveReport(TrainedReserve& reserve, const TriangleSet& set, const std::vector<CompanyReserve>& reserves,
                         const ReserveResult& result, const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

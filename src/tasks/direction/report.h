// What to show of a model of direction: the report that training writes, and a look inside while it reads a series.
#pragma once

#include <string>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "tasks/direction/evaluation.h"

namespace eddy {

// The first network of the last refit, while it reads the last rows of the set's first series.
Inside LookInsideDirection(TrainedDirection& direction, const PriceSet& prices, Threads& threads);

Report MakeDirectionReport(TrainedDirection& direction, const PriceSet& prices, const DirectionResult& result,
                           const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

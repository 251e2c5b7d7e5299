// What to show of a model of risk: the report that training writes, and a look inside while it reads a series.
#pragma once

#include <string>

#include "eddy/train.h"
#include "inspect/inside.h"
#include "report/report.h"
#include "tasks/risk/evaluation.h"

namespace eddy {

// The first member, while it reads the last rows of the set's first series.
Inside LookInsideRisk(TrainedRisk& risk, const PriceSet& prices, Threads& threads);

// `judged` is what was held out, and may be empty.
Report MakeRiskReport(TrainedRisk& risk, const PriceSet& prices, std::span<const JudgedSeries> judged,
                      const RiskResult& result, const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

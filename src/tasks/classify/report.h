// What to show of a classifier: the report that training writes.
#pragma once

#include <string>

#include "eddy/train.h"
#include "report/report.h"
#include "tasks/classify/evaluation.h"
#include "tasks/classify/model.h"

namespace eddy {

// `held_out` is what was judged by.
Report MakeClassReport(ClassifierNetwork& network, const ExampleSet& held_out, const ClassifierResult& result,
                       const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

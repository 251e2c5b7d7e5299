// What to show of a tagger: the report that training writes.
#pragma once

#include <string>

#include "eddy/train.h"
#include "report/report.h"
#include "tasks/tag/evaluation.h"
#include "tasks/tag/model.h"

namespace eddy {

// `held_out` is what was judged by, and `said` the tags that the network gave it.
Report MakeTagReport(TaggerNetwork& network, const TokenSet& held_out, const TagIds& said, const TaggerResult& result,
                     const TrainingResult& training, std::string title);

}  // namespace eddy

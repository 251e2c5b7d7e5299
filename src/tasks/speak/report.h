// What to show of a voice: the report that training writes.
#pragma once

#include <string>
#include <vector>

#include "eddy/train.h"
#include "report/report.h"
#include "report/sections.h"
#include "tasks/speak/evaluation.h"

namespace eddy {

// `held_out` is what was judged by.
Report MakeVoiceReport(VoiceNetwork& network, const std::vector<SpokenSentence>& held_out, const VoiceResult& result,
                       const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

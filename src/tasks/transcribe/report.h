// What to show of a transcriber: the report that training writes.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "tasks/transcribe/evaluation.h"
#include "train/trainer.h"

namespace eddy {

// `held_out` is what was judged by.
Report MakeTranscriptReport(TranscriberNetwork& network, const std::vector<Utterance>& held_out,
                            const TranscriberResult& result, const TrainingResult& training, std::string title,
                            Threads& threads);

}  // namespace eddy

// What to show of a composer: the report that training writes.
#pragma once

#include <string>

#include "eddy/train.h"
#include "report/report.h"
#include "report/sections.h"
#include "tasks/compose/evaluation.h"

namespace eddy {

// While it reads a piece; the loss is that of its last step. Throws Error for layers that cannot be looked into.
Inside LookInsideMusic(ComposeNetwork& network, const MusicPiece& piece, Threads& threads);

// `train` is what was learned and `held_out` what was judged by.
Report MakeComposeReport(ComposeNetwork& network, const MusicSet& train, const MusicSet& held_out,
                         const ComposerResult& result, const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

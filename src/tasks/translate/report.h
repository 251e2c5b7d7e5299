// What to show of a translator: what it attends to, and the report that training writes.
#pragma once

#include <string>

#include "eddy/train.h"
#include "report/report.h"
#include "tasks/translate/evaluation.h"

namespace eddy {

// What the network attends to while it writes a translation of `source`, which is not empty.
AlignmentMap MakeAlignmentMap(TranslatorNetwork& network, const std::string& source, const Translation& made,
                              Threads& threads);

// A page of alignments alone, of the sources that have a translation (a few hundred at most; the rest is left out, and said
// to be).
Report MakeAlignmentReport(TranslatorNetwork& network, const std::vector<std::string>& sources,
                           const std::vector<Translation>& made, std::string title, Threads& threads);

// `held_out` is what was judged by.
Report MakeTranslationReport(TranslatorNetwork& network, const PairSet& held_out, const TranslationResult& result,
                             const TrainingResult& training, std::string title, Threads& threads);

}  // namespace eddy

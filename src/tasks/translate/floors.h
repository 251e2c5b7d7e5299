// What a translator is to beat: the source taken over as it is, and a strong simple method trained on the same pairs.
#pragma once

#include <string>
#include <vector>

#include "data/pairs.h"
#include "eddy/threads.h"
#include "tasks/translate/design.h"
#include "tasks/translate/scores.h"
#include "train/process_exchange.h"

namespace eddy {

struct TranslationFloor {
  std::string name;
  TranslationScores scores;
};

// The source is the translation: not so bad where names are spelled alike.
TranslationFloor CopiedSource(const TranslatorDesign& design, const PairSet& judged, BleuTokens tokens);

// A simple method trained on `train`: letter_sounds.h for spellings, word_translation.h for sentences. The processes of a
// group share out what it learns of sentences (what spellings sound like is only counted), and what it translates.
TranslationFloor SimpleTranslation(const TranslatorDesign& design, const PairSet& train, const PairSet& judged,
                                   BleuTokens tokens, Threads& threads, ProcessGroup& group = Alone());

}  // namespace eddy

// A translator beside its floors.
#pragma once

#include <span>
#include <vector>

#include "data/halves.h"
#include "report/verdict.h"
#include "tasks/translate/floors.h"
#include "tasks/translate/translation.h"
#include "train/process_exchange.h"

namespace eddy {

struct TranslationResult {
  SideUnit unit = SideUnit::kWords;  // of the targets
  size_t tokens = 0;                 // of the references, their end tokens included: of these the nats are a mean
  size_t unknown = 0;                // of these, not in the vocabulary
  bool too_short_for_bleu = false;   // whether no reference has the four words without which BLEU is 0
  TranslationScores network;
  std::vector<TranslationFloor> floors;
  Halves halves = {};  // of the sources, those that chose and those that judge
};

// Without floors and halves (all judge). `pairs` has at least one. Of an ensemble there are no nats: the mean of its log
// probabilities is not one.
TranslationResult EvaluateTranslator(std::span<TranslatorNetwork* const> networks, const PairSet& pairs,
                                     const BeamOptions& options, BleuTokens tokens, Threads& threads,
                                     ProcessGroup& processes = Alone());

// Judges spellings by the share of wrong ones, and sentences by BLEU, or by chrF2 where they are too short for it, of the
// sources that judge.
Verdict JudgeTranslator(const TranslationResult& result);

}  // namespace eddy

// What training a translator takes where the user says nothing, chosen for the data at hand.
#pragma once

#include <optional>

#include "data/word_vectors.h"
#include "eddy/train.h"
#include "tasks/translate/data.h"
#include "tasks/translate/design.h"
#include "tasks/translate/training.h"

namespace eddy {

inline constexpr size_t kMostSideTokens = 20'000;  // that are kept of a side, but for pieces

struct TranslatorUnits {
  std::string unit;                         // "word", "char", "bpe"; empty for what suits the data
  std::optional<size_t> most_tokens;        // of a side's vocabulary
  const TranslatorDesign* start = nullptr;  // whose units and tokens come first, where there is one
};

struct TranslatorSetup {
  TranslatorDesign design;
  TranslatorBatching batching;
  TrainingOptions training;
  WordVectors vectors;               // of the sources' words, to start from; none, of width 0, where there are none
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// `train` is the training part alone. Throws Error for a unit other than that of the start.
TranslatorSetup DefaultTranslatorSetup(const PairSet& train, const TranslatorUnits& units);

}  // namespace eddy

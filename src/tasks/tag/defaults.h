// What training a tagger takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "data/conll.h"
#include "tasks/tag/design.h"
#include "tasks/tag/training.h"
#include "train/trainer.h"

namespace eddy {

inline constexpr size_t kMostWords = 50'000;

struct TaggerSetup {
  TaggerDesign design;
  TaggerBatching batching;
  TrainingOptions training;
};

// `train` is the training part alone. The vocabulary has at most `most_words` forms.
TaggerSetup DefaultTaggerSetup(const TokenSet& train, const std::vector<std::string>& tags, size_t most_words);

}  // namespace eddy

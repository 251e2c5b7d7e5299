// What training a tagger takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "data/conll.h"
#include "data/word_vectors.h"
#include "eddy/train.h"
#include "tasks/tag/design.h"
#include "tasks/tag/training.h"

namespace eddy {

inline constexpr size_t kMostWords = 50'000;

struct TaggerSetup {
  TaggerDesign design;
  TaggerBatching batching;
  TrainingOptions training;
  WordVectors vectors;               // that the network starts from; none, of width 0, where it does not
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// `train` is the training part alone. The vocabulary has at most `most_words` forms.
TaggerSetup DefaultTaggerSetup(const TokenSet& train, const std::vector<std::string>& tags, size_t most_words);

}  // namespace eddy

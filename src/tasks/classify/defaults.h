// What training a classifier takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "data/word_vectors.h"
#include "eddy/train.h"
#include "tasks/classify/design.h"
#include "tasks/classify/training.h"

namespace eddy {

struct SentenceOptions {
  TextUnit unit = TextUnit::kWords;
  size_t most_tokens = 30'000;
};

struct ClassifierSetup {
  ClassifierDesign design;
  ClassifierBatching batching;
  TrainingOptions training;
  WordVectors vectors;               // that the network starts from; none, of width 0, where it does not
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
  size_t span = 0;                   // steps of a typical example, which layers that carry no state should see
};

// `train` is the training part alone.
ClassifierSetup DefaultClassifierSetup(const ExampleSet& train, const ExampleFields& fields,
                                       const std::vector<std::string>& classes, const SentenceOptions& sentences);

}  // namespace eddy

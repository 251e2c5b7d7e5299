// What training a transcriber takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "eddy/train.h"
#include "tasks/transcribe/data.h"
#include "tasks/transcribe/design.h"
#include "tasks/transcribe/training.h"

namespace eddy {

struct TranscriberSetup {
  TranscriberDesign design;
  TranscriberBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
  double noise = 0;                  // recordings of no words, for each of the training part
};

// `train` is the training part alone, read by `front`.
TranscriberSetup DefaultTranscriberSetup(const UtteranceSet& train, const FrontEnd& front, Spelling spelling, bool causal);

}  // namespace eddy

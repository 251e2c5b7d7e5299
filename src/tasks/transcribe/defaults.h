// What training a transcriber takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "tasks/transcribe/data.h"
#include "tasks/transcribe/design.h"
#include "tasks/transcribe/training.h"
#include "train/trainer.h"

namespace eddy {

struct TranscriberSetup {
  TranscriberDesign design;
  TranscriberBatching batching;
  TrainingOptions training;
  double noise = 0;  // recordings of no words, for each of the training part
};

// `train` is the training part alone, read by `front`.
TranscriberSetup DefaultTranscriberSetup(const UtteranceSet& train, const FrontEnd& front, bool causal);

}  // namespace eddy

// What training a voice takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "eddy/train.h"
#include "tasks/speak/data.h"
#include "tasks/speak/design.h"
#include "tasks/speak/training.h"

namespace eddy {

struct VoiceSetup {
  VoiceDesign design;
  VoiceBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// `train` is the training part alone, with durations.
VoiceSetup DefaultVoiceSetup(const SentenceSet& train, const VocoderOptions& vocoder);

}  // namespace eddy

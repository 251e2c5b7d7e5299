// What training a composer takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "eddy/train.h"
#include "tasks/compose/design.h"
#include "tasks/compose/training.h"

namespace eddy {

struct ComposeSetup {
  ComposeDesign design;
  MusicBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// `train` is the training part alone.
ComposeSetup DefaultComposeSetup(const MusicSet& train, MusicGrid grid, const MusicTime& time, bool joint, bool harmonise);

}  // namespace eddy

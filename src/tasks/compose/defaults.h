// What training a composer takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "tasks/compose/design.h"
#include "tasks/compose/training.h"
#include "train/trainer.h"

namespace eddy {

struct ComposeSetup {
  ComposeDesign design;
  MusicBatching batching;
  TrainingOptions training;
};

// `train` is the training part alone.
ComposeSetup DefaultComposeSetup(const MusicSet& train, MusicGrid grid, const MusicTime& time, bool joint, bool harmonise);

}  // namespace eddy

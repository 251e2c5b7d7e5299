// What training a model of direction takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "eddy/train.h"
#include "tasks/direction/data.h"
#include "tasks/direction/training.h"

namespace eddy {

struct DirectionSetup {
  DirectionDesign design;
  DirectionBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// Fits the floors of each refit, and the scaling of the features. Throws Error where nothing is to be learned from.
DirectionSetup DefaultDirectionSetup(const DirectionData& data, const DirectionOptions& options);

}  // namespace eddy

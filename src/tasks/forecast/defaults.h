// What training a forecaster takes where the user says nothing, chosen for the data at hand.
#pragma once

#include <cstdint>

#include "eddy/train.h"
#include "tasks/forecast/design.h"
#include "tasks/forecast/split.h"

namespace eddy {

struct ForecastSetup {
  ForecastDesign design;
  size_t batch = 0;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// season: 1 for none, 0 to find it in the training parts. Throws Error for one as long as the longest training part.
ForecastSetup DefaultForecastSetup(const SeriesSet& set, const ForecastSplit& split, size_t horizon, size_t season);

}  // namespace eddy

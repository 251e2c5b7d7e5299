// What training a model of reserves takes where the user says nothing, chosen for the data at hand.
#pragma once

#include "eddy/train.h"
#include "tasks/reserve/data.h"
#include "tasks/reserve/training.h"

namespace eddy {

struct ReserveSetup {
  ReserveDesign design;
  ReserveBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

ReserveSetup DefaultReserveSetup(const ReserveData& data, const ReserveOptions& options);

}  // namespace eddy

// What training a model of risk takes where the user says nothing, chosen for the data at hand.
#pragma once

#include <vector>

#include "eddy/train.h"
#include "tasks/risk/data.h"
#include "tasks/risk/training.h"
#include "train/process_exchange.h"

namespace eddy {

struct RiskSetup {
  RiskDesign design;
  RiskBatching batching;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

// Fits the floors of each series that trains, which the processes of a group share out, and the scaling of the features.
RiskSetup DefaultRiskSetup(const RiskData& data, const RiskOptions& options, ProcessGroup& group);

}  // namespace eddy

// What training a model of risk takes where the user says nothing, chosen for the data at hand.
#pragma once

#include <vector>

#include "tasks/risk/data.h"
#include "train/trainer.h"

namespace eddy {

struct RiskSetup {
  RiskDesign design;
  size_t batch = 0, unroll = 0;
  TrainingOptions training;
};

// Fits the floors of each series that trains, and the scaling of the features.
RiskSetup DefaultRiskSetup(const RiskData& data, const RiskOptions& options);

}  // namespace eddy

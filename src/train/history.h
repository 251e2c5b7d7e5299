// What a run looked like, for reports. It holds no clock times, so that it is part of the law of exact resuming.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/json.h"

namespace eddy {

struct TrainingPoint {
  int64_t step = 0;                 // steps done
  double loss = 0;                  // mean over the steps since the point before
  double rate = 0;                  // learning rate of the last step
  double gradient_norm = 0;         // of the last step, before clipping
  std::vector<double> group_norms;  // the same by layer, in the order of History::groups
};

struct ValidationPoint {
  int64_t step = 0;
  double loss = 0;  // NaN when it was not finite
};

struct History {
  std::vector<std::string> groups;      // layers, in the order of their parameters
  std::vector<TrainingPoint> training;  // about TrainingOptions::points of them
  std::vector<ValidationPoint> validation;
  int64_t skipped = 0;  // steps skipped because the loss or gradient was not finite
};

Json ToJson(const History& history);        // NaN becomes null
History HistoryFromJson(const Json& json);  // throws Error

}  // namespace eddy

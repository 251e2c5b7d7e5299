// A trained model of direction on a table: what follows each series, and the days that the model did not learn from.
#pragma once

#include <string>
#include <vector>

#include "eddy/data.h"
#include "eddy/tasks/direction.h"
#include "tasks/direction/evaluation.h"

namespace eddy {

struct DirectionRun {
  PriceSet prices;
  std::vector<SeriesDirection> directions;
  double begin = 0;   // of what is judged
  bool seen = false;  // whether the model learned from some of it
};

// Judges what is at or after `from`, or what the model did not learn from. Throws Error.
DirectionRun RunOnPrices(TrainedDirection& direction, const Data& table, const std::string& from, Threads& threads);

// What follows the last row of each series.
std::vector<DirectionForecast> NextOf(const DirectionRun& run);

}  // namespace eddy

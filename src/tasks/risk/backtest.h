// What a trained model of risk says of a table: what follows each series, and of the days that it was not trained on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tasks/risk/evaluation.h"

namespace eddy {

struct PriceRisk {
  PriceSet prices;
  std::vector<SeriesRisk> risks;  // of each series
  std::vector<RiskPath> paths;    // of each series: the network's tails, as the design combines them
  std::vector<JudgedSeries> judged;
  bool seen = false;  // whether the model was trained on some of what is judged

  PriceRisk() = default;
  PriceRisk(PriceRisk&&) = default;  // `judged` points into it, at memory that moves along
  PriceRisk& operator=(PriceRisk&&) = default;
};

// Judges what is at or after `from`, or what the model was not trained on. Throws Error for a series that is not known to
// the model and too short before that.
PriceRisk RunOnPrices(TrainedRisk& risk, PriceSet prices, const std::string& from, Threads& threads);

// What follows the last row of each series.
std::vector<RiskForecast> NextOf(const PriceRisk& run, const RiskDesign& design);

}  // namespace eddy

// Forecasts of direction beside chance and floors, on days that no network of theirs learned from, and what they would have
// earned.
#pragma once

#include <string>
#include <vector>

#include "report/verdict.h"
#include "tasks/direction/trading.h"

namespace eddy {

struct DirectionScores {
  std::string name;
  double accuracy = 0;                         // share of forecasts that are right
  double accuracy_low = 0, accuracy_high = 0;  // 95% of bootstraps by day
  double mcc = 0, mcc_low = 0, mcc_high = 0;   // Matthews's correlation coefficient, 0 by chance
  double said_up = 0;                          // share of forecasts
};

struct DirectionResult {
  size_t forecasts = 0;  // judged: of up or down
  size_t days = 0, series = 0, horizon = 1;
  double up = 0;  // share of them that were up
  DirectionScores network;
  std::vector<DirectionScores> floors;  // majority class, logistic regression
  double costs = 0;                     // percent of what is bought or sold
  std::vector<Strategy> strategies;     // network, logistic regression, buy and hold
  size_t trials = 1;                    // strategies tried: the network's, its members', the floor's and those of before
  double deflated = 0;                  // probability that the network's true Sharpe ratio is above 0 in spite of them
  Verdict verdict;
};

// Of the returns at or after `begin`.
DirectionResult JudgeDirections(const PriceSet& prices, const std::vector<SeriesDirection>& directions, double begin,
                                const DirectionDesign& design);

}  // namespace eddy

// The result of training and evaluating a model of direction, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/direction/evaluation.h"

namespace eddy {

inline constexpr double kDaysOfAYear = 252;  // by which Sharpe ratios of days are told

std::string DescribeResult(const DirectionResult& result);  // tables and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const DirectionResult& result);

}  // namespace eddy

// The result of training and evaluating a forecaster, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/forecast/evaluation.h"

namespace eddy {

std::string DescribeResult(const ForecastResult& result);  // a table and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const ForecastResult& result);

}  // namespace eddy

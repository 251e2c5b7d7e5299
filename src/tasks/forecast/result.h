// The result of training and evaluating a forecaster, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/forecast/evaluation.h"

namespace eddy {

// Which share of the forecast is a floor's; empty for none.
std::string DescribeMix(const ForecastMix& mix);

std::string DescribeResult(const ForecastResult& result);  // a table and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const ForecastResult& result);

}  // namespace eddy

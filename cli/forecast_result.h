// The result of training and evaluating a forecaster, in words and as JSON.
#pragma once

#include <string>

#include "json_output.h"
#include "tasks/forecast_evaluation.h"

namespace eddy {

std::string DescribeResult(const ForecastResult& result);  // a table and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const ForecastResult& result);

// "0.1,0.5,0.9". Throws UsageError for what does not rise within (0, 1).
std::vector<double> ParseQuantiles(const std::string& text);

}  // namespace eddy

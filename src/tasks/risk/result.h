// The result of training and evaluating a model of risk, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/risk/evaluation.h"

namespace eddy {

std::string DescribeResult(const RiskResult& result);  // tables and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const RiskResult& result);

}  // namespace eddy

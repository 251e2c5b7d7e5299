// The result of training and evaluating a model of reserves, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/reserve/evaluation.h"

namespace eddy {

std::string DescribeResult(const ReserveResult& result);  // a table and a sentence, or that nothing is held out
void AddResult(OrderedJson& json, const ReserveResult& result);

}  // namespace eddy

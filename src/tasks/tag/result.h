// The result of training and evaluating a tagger, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/tag/evaluation.h"

namespace eddy {

std::string Percent(double share);  // "12.34", of 100

std::string DescribeResult(const TaggerResult& result);  // tables and a sentence
void AddResult(OrderedJson& json, const TaggerResult& result);

}  // namespace eddy

// The result of training and evaluating a classifier, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/classify/evaluation.h"

namespace eddy {

std::string DescribeResult(const ClassifierResult& result);  // tables and a sentence
void AddResult(OrderedJson& json, const ClassifierResult& result);

}  // namespace eddy

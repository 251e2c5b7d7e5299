// The result of training and evaluating a composer, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/compose/evaluation.h"

namespace eddy {

std::string DescribeResult(const ComposerResult& result);  // a table and a sentence
void AddResult(OrderedJson& json, const ComposerResult& result);

}  // namespace eddy

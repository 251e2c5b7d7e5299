// The result of training and evaluating a tagger, in words and as JSON.
#pragma once

#include <string>

#include "json_output.h"
#include "tasks/tag_evaluation.h"

namespace eddy {

std::string DescribeResult(const TaggerResult& result);  // tables and a sentence
void AddResult(OrderedJson& json, const TaggerResult& result);

}  // namespace eddy

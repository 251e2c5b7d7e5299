// The result of training and evaluating a transcriber, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/transcribe/evaluation.h"

namespace eddy {

std::string DescribeResult(const TranscriberResult& result);  // a table and a sentence
void AddResult(OrderedJson& json, const TranscriberResult& result);

}  // namespace eddy

// The result of a comparison, in words and as JSON.
#pragma once

#include <string>

#include "compare/comparison.h"
#include "json_output.h"

namespace eddy {

std::string DescribeResult(const Comparison& comparison);  // a table and the advice
void AddResult(OrderedJson& json, const Comparison& comparison);

}  // namespace eddy

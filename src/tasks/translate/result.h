// The result of training and evaluating a translator, in words and as JSON.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/translate/evaluation.h"

namespace eddy {

std::string DescribeResult(const TranslationResult& result);  // a table and a sentence
void AddResult(OrderedJson& json, const TranslationResult& result);

}  // namespace eddy

// The result of training and evaluating a translator, in words and as JSON.
#pragma once

#include <string>

#include "json_output.h"
#include "tasks/translation_evaluation.h"

namespace eddy {

std::string DescribeResult(const TranslationResult& result);  // a table and a sentence
void AddResult(OrderedJson& json, const TranslationResult& result);

}  // namespace eddy

// The result of training and evaluating a language model, in words and as JSON.
#pragma once

#include <optional>

#include "floors/ngram.h"
#include "model/json.h"
#include "tasks/text/model.h"
#include "tasks/text/training.h"

namespace eddy {

struct TextResult {
  TextUnit unit = TextUnit::kCharacters;
  TextScore score;
  size_t bytes = 0;                 // that the predicted tokens spell
  size_t unknown = 0;               // tokens that are not in the vocabulary
  size_t unknown_bytes = 0;         // that these spell
  std::optional<NgramScore> floor;  // none when the training text is not at hand
};

std::string DescribeResult(const TextResult& result);  // two or three lines
void AddResult(OrderedJson& json, const TextResult& result);

}  // namespace eddy

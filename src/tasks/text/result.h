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
  TextScore score;                  // of all that is held out, or of a sample
  size_t held_out = 0;              // tokens that are held out
  size_t bytes = 0;                 // that all held-out tokens spell
  size_t unknown = 0;               // of all held-out tokens, those not in the vocabulary
  size_t unknown_bytes = 0;         // that these spell
  std::optional<NgramScore> floor;  // none when the training text is not at hand
};

std::string DescribeResult(const TextResult& result);  // two or three lines
void AddResult(OrderedJson& json, const TextResult& result);

}  // namespace eddy

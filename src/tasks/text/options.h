// What a language model can be told, and the text that it learns from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/text.h"
#include "eddy/tasks/train_options.h"
#include "options/option_table.h"
#include "tasks/text/training.h"
#include "tasks/train_options.h"

namespace eddy {

struct LanguageModelOptions {
  TextOptions text;                 // its `valid` is that of `held_out`, where that is a share
  HeldOut held_out = {0.1, {}};     // a share of the end, or a file
  std::optional<size_t> embedding;  // width of a token's vector
  bool tie = false;                 // whether the softmax shares the embedding's weights
  size_t k1 = 0;                    // an update every k1 steps; 0 for what suits the data
  size_t k2 = 0;                    // its gradient through the last k2 >= k1
  double label_smoothing = 0;       // share of the target spread over all tokens, in [0, 1)
  TrainOptions train = {};
};

void DeclareText(LanguageModelOptions& options, OptionTable& table);  // how the text is read
void DeclareTraining(LanguageModelOptions& options, OptionTable& table);

}  // namespace eddy

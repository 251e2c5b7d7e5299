// What training a language model does when it is not told: sizes, dropout and length that suit the amount of text.
#pragma once

#include "data/text.h"
#include "tasks/language_model.h"
#include "tasks/language_model_training.h"
#include "train/trainer.h"

namespace eddy {

struct TextTraining {
  LanguageModelOptions network;
  TextBatching batching;
  double label_smoothing = 0;
  TrainingOptions training;
};

inline constexpr size_t kTextSpan = 64;  // tokens that a tcn or attention should see

TextTraining DefaultTextTraining(const TextSplit& text);

}  // namespace eddy

// What training a language model does when it is not told: sizes, dropout and length that suit the amount of text.
#pragma once

#include "data/text.h"
#include "eddy/train.h"
#include "tasks/text/network.h"
#include "tasks/text/training.h"

namespace eddy {

struct TextSetup {
  TextDesign network;
  TextBatching batching;
  double label_smoothing = 0;
  TrainingOptions training;
  Json provenance = Json::object();  // all that decides what is learned: in the model, and what a resumed run must share
};

inline constexpr size_t kTextSpan = 64;  // tokens that a tcn or attention should see

TextSetup DefaultTextSetup(const TextSplit& text);

}  // namespace eddy

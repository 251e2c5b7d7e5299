// What a tagger can be told.
#pragma once

#include <optional>

#include "data/conll.h"
#include "tasks/tag/defaults.h"
#include "tasks/train_options.h"

namespace eddy {

struct TaggerOptions {
  ConllFormat format;  // the columns that are read, and what is done about bad lines
  HeldOut held_out = {0.1, {}};
  size_t vocabulary = kMostWords;            // at most so many different words
  std::optional<size_t> embedding;           // width of a word's vector
  std::optional<size_t> character_features;  // of a word's characters; 0 to read words alone
  bool forward = false;                      // read in one direction only
  bool no_crf = false;                       // each tag is chosen by itself, without a conditional random field over them
  std::optional<double> word_dropout;        // share of the words that occur once that are read as unknown
  TrainOptions train = {};
};

void Declare(TaggerOptions& options, OptionTable& table);

}  // namespace eddy

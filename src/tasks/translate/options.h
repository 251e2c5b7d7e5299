// What a translator can be told, and the pairs that it learns from.
#pragma once

#include <optional>
#include <string>

#include "tasks/train_options.h"
#include "tasks/translate/data.h"
#include "tasks/translate/defaults.h"

namespace eddy {

struct TranslatorOptions {
  HeldOut held_out = {0.05, {}};
  TranslatorUnits units;
  std::string tokenize = "13a";              // of BLEU: 13a, or none for text that is tokenised already
  std::optional<size_t> embedding;           // width of a token's vector
  std::string attention = "multiplicative";  // or additive
  std::optional<double> label_smoothing;     // share of a target given to all tokens alike
  double scheduled_sampling = 0;             // share of what the decoder reads that it has drawn itself (Bengio 2015)
  TrainOptions train = {};
};

struct PairInput {
  PairFiles train, valid;
  BadLines bad_lines;
};

void Declare(PairInput& input, OptionTable& table);
void Declare(TranslatorOptions& options, OptionTable& table);

// What is read. Throws UsageError.
PairSource SourceOf(const PairInput& input, const HeldOut& held_out);

}  // namespace eddy

// What a translator can be told, and the pairs that it learns from.
#pragma once

#include <optional>
#include <string>

#include "eddy/tasks/translate.h"
#include "tasks/train_options.h"
#include "tasks/translate/data.h"
#include "tasks/translate/defaults.h"

namespace eddy {

struct PairInput {
  PairFiles train, valid;
};

void Declare(PairInput& input, OptionTable& table);
void Declare(TranslatorOptions& options, OptionTable& table);

// What is read. Throws UsageError.
PairSource SourceOf(const PairInput& input, const HeldOut& held_out);

}  // namespace eddy

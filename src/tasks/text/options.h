// What a language model can be told, and the text that it learns from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/text.h"
#include "eddy/tasks/text.h"
#include "options/option_table.h"
#include "tasks/train_options.h"

namespace eddy {

void DeclareText(LanguageModelOptions& options, OptionTable& table);  // how the text is read
void DeclareTraining(LanguageModelOptions& options, OptionTable& table);

}  // namespace eddy

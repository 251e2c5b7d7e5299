// What a tagger can be told.
#pragma once

#include <optional>

#include "data/conll.h"
#include "eddy/tasks/tag.h"
#include "tasks/tag/defaults.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(TaggerOptions& options, OptionTable& table);

ConllFormat FormatOf(const TaggerOptions& options);  // the columns that are read, and what is done about bad lines

}  // namespace eddy

// What a composer can be told.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eddy/tasks/compose.h"
#include "tasks/compose/defaults.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(ComposerOptions& options, OptionTable& table);

}  // namespace eddy

// What a transcriber can be told.
#pragma once

#include "eddy/tasks/transcribe.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(TranscriberOptions& options, OptionTable& table);

}  // namespace eddy

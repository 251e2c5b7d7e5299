// The training of a translator.
#pragma once

#include <memory>

#include "tasks/task.h"
#include "tasks/translate/data.h"
#include "tasks/translate/options.h"

namespace eddy {

std::unique_ptr<Job> MakeTranslatorJob(PairData data, const TranslatorOptions& options, TaskContext& context);

}  // namespace eddy

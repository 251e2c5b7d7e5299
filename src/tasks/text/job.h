// The training of a language model.
#pragma once

#include <memory>

#include "tasks/task.h"
#include "tasks/text/data.h"
#include "tasks/text/options.h"

namespace eddy {

// Reads the files. Throws Error, UsageError for options out of range.
LoadedText LoadText(const std::vector<Data>& files, const LanguageModelOptions& options, ProcessGroup& group = Alone());

std::unique_ptr<Job> MakeTextJob(LoadedText data, const LanguageModelOptions& options, TaskContext& context);

}  // namespace eddy

// The training of a composer.
#pragma once

#include <memory>

#include "tasks/compose/data.h"
#include "tasks/compose/options.h"
#include "tasks/task.h"

namespace eddy {

std::unique_ptr<Job> MakeComposerJob(MusicData data, const ComposerOptions& options, TaskContext& context);

// "Left out 2 of 40 files: ..."; nothing where none was.
void SayLeftOut(const std::vector<std::string>& left_out, size_t files, TaskContext& context);

}  // namespace eddy

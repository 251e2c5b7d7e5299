// The training of a tagger.
#pragma once

#include <memory>

#include "tasks/tag/data.h"
#include "tasks/tag/options.h"
#include "tasks/task.h"

namespace eddy {

std::unique_ptr<Job> MakeTaggerJob(TagData data, const TaggerOptions& options, TaskContext& context);

}  // namespace eddy

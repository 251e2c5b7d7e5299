// The training of a transcriber.
#pragma once

#include <memory>

#include "tasks/task.h"
#include "tasks/transcribe/data.h"
#include "tasks/transcribe/options.h"

namespace eddy {

// Reads `recordings`, says what there is to be said about them, and makes the network.
std::unique_ptr<Job> MakeTranscriberJob(const Data& recordings, const TranscriberOptions& options, TaskContext& context);

}  // namespace eddy

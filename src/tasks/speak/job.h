// The training of a voice.
#pragma once

#include <memory>

#include "tasks/speak/data.h"
#include "tasks/speak/options.h"
#include "tasks/task.h"

namespace eddy {

// Reads `recordings`, aligns letters with them, says what there is to be said about them, and makes the network.
std::unique_ptr<Job> MakeVoiceJob(const Data& recordings, const VoiceOptions& options, TaskContext& context);

}  // namespace eddy

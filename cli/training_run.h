// A training run as the user sees it: progress on the console, stopped by signals, resumed from its checkpoint.
#pragma once

#include <string>

#include "console.h"
#include "eddy/train.h"

namespace eddy {

// How a task's progress is worded.
struct ProgressWords {
  std::string unit;          // "characters", for the rate
  std::string measure;       // of the losses, such as "nats a character"
  std::string subject = {};  // what is trained, where it is one of several: then it has few lines of its own
};

// Says why so many threads are less than so many times as fast as one, where a batch is not of as many shards.
void SayHowThreadsShare(const Trainable& task, const Threads& threads, const ProcessGroup& group, Console& console);

// Runs Train with what is needed around it, by the processes of a group. Throws Interrupted when SIGINT or SIGTERM came
// meanwhile; the checkpoint is then written. Otherwise the checkpoint stays until the caller has saved the model and calls
// RemoveCheckpoint.
TrainingResult RunTraining(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group,
                           Console& console, const ProgressWords& words);

// The run alone: what is stopped, by whoever asks the team, is handed back as it is.
TrainingResult RunUntilStopped(Trainable& task, const TrainingOptions& options, Threads& threads, Console& console,
                               const ProgressWords& words);

}  // namespace eddy

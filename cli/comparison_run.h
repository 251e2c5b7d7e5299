// A comparison as the user asks for it and sees it, the same way for every task.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compare/compared_task.h"
#include "console.h"
#include "eddy/process_group.h"
#include "verb_options.h"

namespace eddy {

struct CompareOptions {
  std::vector<std::string> models = {"lstm", "gru", "min_gru", "tcn", "attention"};
  double minutes = 2;            // of training for each
  std::optional<int64_t> steps;  // instead of the minutes
  std::optional<size_t> parameters;
  std::string report;  // HTML; empty for none
  uint64_t seed = 1;
  int jobs = 1;  // models trained at once, each in a process of its own
  double timeout = 300;
  RunOptions run;
};
void Declare(CompareOptions& options, OptionTable& table);

// Makes the processes that train the models: as many as --jobs, or those that mpirun started, and this one alone where it is
// neither. Does `work` in each of them with its threads. Called before any thread is started. An error ends all.
void DoInJobs(const CompareOptions& options, const std::function<void(ProcessGroup& group, int threads)>& work);

// Trains and judges all, each process of the group every size-th model, and says the result, from the first. A signal ends
// it: those trained to the end are compared all the same, then it throws Interrupted.
void RunComparison(ComparedTask& task, const std::string& name, const std::vector<std::string>& inputs,
                   const CompareOptions& options, Threads& threads, ProcessGroup& group, Console& console);

}  // namespace eddy

// A comparison as the user asks for it and sees it, the same way for every task.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compare/compared_task.h"
#include "console.h"
#include "verb_options.h"

namespace eddy {

struct CompareOptions {
  std::vector<std::string> models = {"lstm", "gru", "min_gru", "tcn", "attention"};
  double minutes = 2;  // of training for each
  std::optional<size_t> parameters;
  std::string report;  // HTML; empty for none
  uint64_t seed = 1;
  RunOptions run;
};
void Declare(CompareOptions& options, OptionTable& table);

// Trains and judges all, and says the result. A signal ends it: those trained to the end are compared all the same, then it
// throws Interrupted.
void RunComparison(ComparedTask& task, const std::string& name, const std::vector<std::string>& inputs,
                   const CompareOptions& options, Threads& threads, Console& console);

}  // namespace eddy

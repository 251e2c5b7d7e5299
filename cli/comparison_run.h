// A comparison as the user asks for it and sees it, the same way for every task.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "console.h"
#include "tasks/compared_task.h"

namespace eddy {

struct CompareOptions {
  std::string models = "lstm,gru,min_gru,tcn,attention";  // a list
  double minutes = 2;                                     // of training for each
  std::optional<size_t> parameters;
  std::string report;  // HTML; empty for none
  uint64_t seed = 1;
  int threads = 1;
  bool quiet = false, json = false;
};

void AddCompareOptions(CLI::App& verb, CompareOptions& options);

// Trains and judges all, and says the result. A signal ends it: those trained to the end are compared all the same, then it
// throws Interrupted. `unit` is what the data are counted in, such as "characters".
void RunComparison(ComparedTask& task, const char* name, const std::vector<std::string>& inputs, const std::string& unit,
                   const CompareOptions& options, Console& console);

}  // namespace eddy

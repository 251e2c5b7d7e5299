// Options of a verb, from their declaration (options/option_table.h) to the command line: flags, help, checks.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "options/option_table.h"

namespace eddy {

// Adds all options of a table to a verb; what is given sets the fields of the table, which must stay where it is.
void AddOptions(CLI::App& verb, OptionTable& table);

// The same for one option, whose values are handed to `take` instead.
using TakeValues = std::function<void(const std::vector<std::string>& texts)>;
CLI::Option* AddOption(CLI::App& verb, const Option& option, const TakeValues& take);

// What verbs that compute have: --threads, as many as the cores that it may use where it is not given, --quiet and --json.
struct RunOptions {
  int threads = 1;
  bool quiet = false, json = false;
};
void DeclareThreads(int& threads, OptionTable& table);
void Declare(RunOptions& options, OptionTable& table);

}  // namespace eddy

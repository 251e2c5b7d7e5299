// The verbs of the command line: one file each, cli/VERB.cc. Each function adds a verb to its parent, with its options, its
// help and a callback that runs it. A callback throws Error for what went wrong, UsageError for a wrong command and
// Interrupted when a signal ended it (signals.h); main.cc turns these into one line on stderr and an exit code. What a task
// can do comes from the table of tasks (tasks/task.h): no verb names one.
#pragma once

#include <CLI/CLI.hpp>

namespace eddy {

void AddTrain(CLI::App& app);
void AddUses(CLI::App& app);  // the tasks' own verbs
void AddEvaluate(CLI::App& app);
void AddCompare(CLI::App& app);
void AddQuantize(CLI::App& app);
void AddConvert(CLI::App& app);
void AddInspect(CLI::App& app);
void AddCells(CLI::App& app);
void AddBench(CLI::App& app);

void GroupVerbs(CLI::App& app, const char* title);  // its verbs, in help

}  // namespace eddy

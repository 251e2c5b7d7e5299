// The verbs of the command line: one file each, cli/VERB.cc. Each function adds a verb to its parent, with its options, its
// help and a callback that runs it. A callback throws Error for what went wrong, UsageError for a wrong command (usage.h)
// and Interrupted when a signal ended it (signals.h); main.cc turns these into one line on stderr and an exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace eddy {

void AddTrainText(CLI::App& train);
void AddTrainForecast(CLI::App& train);
void AddTrainClassify(CLI::App& train);
void AddTrainTag(CLI::App& train);
void AddTrainTranslate(CLI::App& train);

void AddGenerate(CLI::App& app);
void AddForecast(CLI::App& app);
void AddClassify(CLI::App& app);
void AddTag(CLI::App& app);
void AddTranslate(CLI::App& app);
void AddCompare(CLI::App& app);
void AddEvaluate(CLI::App& app);
void AddQuantize(CLI::App& app);
void AddInspect(CLI::App& app);
void AddCells(CLI::App& app);
void AddBench(CLI::App& app);

}  // namespace eddy

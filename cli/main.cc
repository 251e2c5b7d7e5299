// The eddy program: parses the command, runs its verb, and turns what goes wrong into one line and an exit code.
//     0 success    1 an error    2 wrong usage    128 + N ended by signal N
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "eddy/error.h"
#include "eddy/version.h"
#include "help.h"
#include "options/option_table.h"
#include "output.h"
#include "processes.h"
#include "signals.h"
#include "tasks/task.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

// Training makes and drops the same large arrays every step: without this each would go back to the system and be zeroed
// again by it.
void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

void DescribeProgram(CLI::App& app) {
  app.name("eddy");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "show this help");
  app.set_version_flag("--version", "eddy " EDDY_VERSION, "show the version");
  app.require_subcommand(1);
  std::string examples = "Examples:\n";
  for (const Task* task : Tasks()) examples += task->info().examples;
  app.footer(examples + R"(  eddy inspect book.eddy                       what is in a model
"eddy VERB --help" tells all about a verb.)");
  AddTrain(app);
  AddUses(app);
  AddEvaluate(app);
  AddCompare(app);
  AddQuantize(app);
  AddConvert(app);
  AddInspect(app);
  AddCells(app);
  AddBench(app);
  GroupVerbs(app, "Verbs");
}

int ExitWith(int code, const std::string& message) {
  std::fprintf(stderr, "eddy: %s\n", message.c_str());
  return code;
}

int RunCommand(int argc, char** argv) {
  CLI::App app("Trains recurrent networks on sequences, and runs them.");
  DescribeProgram(app);
  try {
    app.parse(argc, argv);
    FlushOutput();
    return 0;
  } catch (const CLI::CallForHelp&) {
    Print(app.help());
  } catch (const CLI::CallForVersion& version) {
    PrintLine(version.what());
  } catch (const CLI::ParseError& error) {
    return ExitWith(2, DescribeUsageError(app, error));
  }
  FlushOutput();
  return 0;
}

}  // namespace
}  // namespace eddy

int main(int argc, char** argv) {
  eddy::KeepFreedMemory();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of whoever writes it
  try {
    return eddy::RunCommand(argc, argv);
  } catch (const eddy::Interrupted& interrupted) {
    return 128 + interrupted.signal;
  } catch (const eddy::Stopped&) {
    return 128 + eddy::StopSignal();
  } catch (const eddy::UsageError& error) {
    return eddy::ExitWith(2, error.what());
  } catch (const std::exception& error) {
    return eddy::ExitWith(1, eddy::DescribeError(error));
  }
}

// The eddy program: parses the command, runs its verb, and turns what goes wrong into one line and an exit code.
//     0 success    1 an error    2 wrong usage    128 + N ended by signal N
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <new>
#include <string>

#include "eddy/error.h"
#include "help.h"
#include "output.h"
#include "signals.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

void GroupVerbs(CLI::App& app, const char* title) {
  for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) verb->group(title);
}

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
  app.footer(R"(Examples:
  eddy train text book.txt -o book.eddy        learn a text
  eddy generate book.eddy --prompt "It was"    go on from there
  eddy train forecast sales.csv --target sold --time day --horizon 28 -o sales.eddy
  eddy forecast sales.eddy sales.csv           the 28 days after the last
  eddy train classify reviews.csv --text review --label stars -o reviews.eddy
  eddy classify reviews.eddy new.csv           how many stars each has
  eddy train tag names.conll -o names.eddy
  eddy tag names.eddy new.conll                which words are names
  eddy train translate pairs.tsv -o de-en.eddy
  echo "ein Hund" | eddy translate de-en.eddy
  eddy compare text book.txt                   which architecture suits a text
  eddy inspect book.eddy                       what is in a model
"eddy VERB --help" tells all about a verb.)");
  CLI::App& train = *app.add_subcommand("train", "Train a model on your data");
  train.require_subcommand(1);
  train.footer("\"eddy train TASK --help\" tells all about a task.");
  AddTrainText(train);
  AddTrainForecast(train);
  AddTrainClassify(train);
  AddTrainTag(train);
  AddTrainTranslate(train);
  AddGenerate(app);
  AddForecast(app);
  AddClassify(app);
  AddTag(app);
  AddTranslate(app);
  AddEvaluate(app);
  AddCompare(app);
  AddQuantize(app);
  AddInspect(app);
  AddCells(app);
  AddBench(app);
  GroupVerbs(train, "Tasks");
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
  } catch (const std::bad_alloc&) {
    return eddy::ExitWith(1, "there is not enough memory for this");
  } catch (const std::exception& error) {
    return eddy::ExitWith(1, error.what());
  }
}

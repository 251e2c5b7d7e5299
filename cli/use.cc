// The verbs of the tasks' own, such as "eddy forecast MODEL".
#include <memory>

#include "output.h"
#include "output_files.h"
#include "signals.h"
#include "task_context.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct UseState {
  std::unique_ptr<UseAction> action;
  int threads = 1;
  bool quiet = false;
  OptionTable table;
};

void RunUse(const Task& task, UseState& state) {
  RequireOutputs(state.action->writes(), state.action->reads());
  Console console(state.quiet);
  Threads threads(state.threads);
  const StopSignals signals(threads);
  UseContext context = UseContextOf(console, threads, task.info().verb, task.info().name, state.action->model());
  state.action->Run(context);
  FlushOutput();
  if (StopSignal() != 0) throw Interrupted(StopSignal());
}

void AddUse(CLI::App& app, const Task& task) {
  CLI::App& verb = *app.add_subcommand(task.info().verb, task.info().does);
  auto state = std::make_shared<UseState>();
  state->action = task.Use();
  state->action->Declare(state->table);
  DeclareThreads(state->threads, state->table);
  state->table.Flag("quiet", state->quiet, "say nothing but errors and the result");
  AddOptions(verb, state->table);
  verb.footer(state->action->notes());
  verb.callback([state, &task] { RunUse(task, *state); });
}

}  // namespace

void AddUses(CLI::App& app) {
  for (const Task* task : Tasks()) AddUse(app, *task);
}

}  // namespace eddy

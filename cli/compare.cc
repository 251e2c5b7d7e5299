#include <memory>

#include "comparison_run.h"
#include "task_context.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

void AddComparedTask(CLI::App& compare, const Task& task) {
  struct State {
    std::unique_ptr<CompareAction> action;
    CompareOptions options;
    OptionTable table;
  };
  auto state = std::make_shared<State>();
  state->action = task.Compare();
  if (state->action == nullptr) return;
  CLI::App& verb = *compare.add_subcommand(task.info().name, "Compare networks that learn " + task.info().subject);
  state->action->Declare(state->table);
  Declare(state->options, state->table);
  AddOptions(verb, state->table);
  verb.footer(state->action->notes());
  verb.callback([state, &task] {
    const CompareOptions& options = state->options;
    const std::vector<std::string> inputs = state->action->reads();
    DoInJobs(options, [&](ProcessGroup& group, int count) {
      Console console(options.run.quiet, group.size() == 1);
      Threads threads(count);
      Console silent(true);
      TaskContext context = ContextOf(group.rank() == 0 ? console : silent, threads);
      const std::unique_ptr<ComparedTask> compared = state->action->Prepare(options.seed, context);
      RunComparison(*compared, task.info().name, inputs, options, threads, group, console);
    });
  });
}

}  // namespace

void AddCompare(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("compare", "Train architectures side by side on your data, and say which to take");
  verb.require_subcommand(1);
  for (const Task* task : Tasks()) AddComparedTask(verb, *task);
  GroupVerbs(verb, "Tasks");
  verb.footer(
      R"(Each gets as many parameters and as many minutes, and is judged on the same held-out part. With --jobs N, or under mpirun, one
process trains each model; N times the memory for the data and the networks, and each has its share of the threads.
"eddy compare TASK --help" tells all about a task.)");
}

}  // namespace eddy

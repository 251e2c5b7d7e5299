#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "eddy/error.h"
#include "json_output.h"
#include "output.h"
#include "task_context.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

// The options of every task's evaluation side by side: which of them hold is known when the model has been read.
struct EvaluateState {
  struct OfTask {
    const Task* task;
    std::unique_ptr<EvaluateAction> action;
    OptionTable table;
  };
  std::vector<std::unique_ptr<OfTask>> tasks;
  EvaluateInput input;
  std::string file;
  RunOptions run;
  OptionTable table;                                      // of all tasks
  std::map<std::string, std::vector<std::string>> given;  // of one or some
};

std::string SubjectsWith(const EvaluateState& state, const std::string& option) {
  std::vector<std::string> subjects;
  for (const auto& each : state.tasks) {
    if (each->table.Has(option)) subjects.push_back(each->task->info().subject);
  }
  return fmt::format("{}", fmt::join(subjects, ", "));
}

void RunEvaluate(EvaluateState& state) {
  const Model model = LoadModel(state.input.model);
  const Task& task = FindTask(model.task);
  const auto is_its = [&](const auto& each) { return each->task->info().name == model.task; };
  EvaluateState::OfTask* found = std::find_if(state.tasks.begin(), state.tasks.end(), is_its)->get();
  for (const auto& [name, texts] : state.given) {
    if (!found->table.Has(name)) {
      throw UsageError(fmt::format("--{} is an option of models of {}, but {} is one of {}", name, SubjectsWith(state, name),
                                   state.input.model, task.info().subject));
    }
    const Option& option = found->table.Find(name);
    for (const std::string& other : option.needed()) {
      if (!state.given.contains(other)) throw UsageError(fmt::format("--{} requires --{}", name, other));
    }
    for (const std::string& other : option.excluded()) {
      if (state.given.contains(other)) throw UsageError(fmt::format("--{} excludes --{}", name, other));
    }
    option.Set(texts);
  }
  state.input.data = Data(state.file);
  Console console(state.run.quiet);
  Threads threads(state.run.threads);
  TaskContext context = ContextOf(console, threads);
  const Outcome outcome = found->action->Run(model, state.input, context);
  console.ClearLive();
  if (state.run.json) {
    OrderedJson json = JsonResult("evaluate", task.info().name, state.input.model);
    json["data"] = state.file;
    json.update(outcome.json);
    PrintJson(json);
  } else if (!state.run.quiet) {
    PrintLine(outcome.text);
  }
}

// What an option is where it is not given: of each task, where they differ.
std::string UsualOf(const EvaluateState& state, const std::string& option) {
  std::vector<std::string> each_usual;
  std::set<std::string> different;
  for (const auto& each : state.tasks) {
    const Option* found = each->table.Look(option);
    if (found == nullptr) continue;
    each_usual.push_back(fmt::format("{}: {}", each->task->info().subject, found->usual()));
    different.insert(found->usual());
  }
  return different.size() == 1 ? *different.begin() : fmt::format("{}", fmt::join(each_usual, "; "));
}

// Each option once, under a heading that says of what models it is.
void AddTaskOptions(CLI::App& verb, const std::shared_ptr<EvaluateState>& state) {
  for (const auto& each : state->tasks) {
    for (const Option& option : each->table.options()) {
      if (verb.get_option_no_throw("--" + option.name()) != nullptr) continue;
      const std::string name = option.name();
      CLI::Option* added =
          AddOption(verb, option, [state, name](const std::vector<std::string>& texts) { state->given[name] = texts; });
      added->group("Models of " + SubjectsWith(*state, name));
      if (!option.flag()) added->default_str(UsualOf(*state, name));
    }
  }
}

// What the tasks have to say, and then their examples.
std::string Notes(const EvaluateState& state) {
  std::string notes, examples;
  for (const auto& each : state.tasks) {
    std::string rest = each->action->notes();
    while (!rest.empty()) {
      const std::string line = rest.substr(0, rest.find('\n'));
      (line.starts_with("  eddy") ? examples : notes) += line + "\n";
      rest.erase(0, line.size() + 1);
    }
  }
  if (!examples.empty()) examples.pop_back();
  return notes + "Examples:\n" + examples;
}

}  // namespace

void AddEvaluate(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("evaluate", "Measure a model on data, beside the naive figure");
  auto state = std::make_shared<EvaluateState>();
  state->table.Add("MODEL", state->input.model, AnyText("MODEL"), "a model that \"eddy train\" wrote").Required();
  state->table.Add("FILE", state->file, AnyText("FILE"), "data to measure it on").Required();
  for (const Task* task : Tasks()) {
    auto& each = state->tasks.emplace_back(std::make_unique<EvaluateState::OfTask>());
    each->task = task;
    each->action = task->Evaluate();
    each->action->Declare(each->table);
  }
  AddTaskOptions(verb, state);
  Declare(state->run, state->table);
  AddOptions(verb, state->table);
  verb.footer(Notes(*state));
  verb.callback([state] { RunEvaluate(*state); });
}

}  // namespace eddy

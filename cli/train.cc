#include <fmt/format.h>

#include <memory>

#include "json_output.h"
#include "output.h"
#include "output_files.h"
#include "processes.h"
#include "task_context.h"
#include "train/checkpoint.h"
#include "train/process_exchange.h"
#include "training_run.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct TrainVerbOptions {
  std::string output, report;
  double timeout = 300;
  RunOptions run;
};

void Declare(TrainVerbOptions& o, OptionTable& table) {
  table.Group("Run");
  table.Add("output", o.output, AnyText("MODEL"), "where to write the model").Letter('o').Required().OfTheRun();
  table.Add("report", o.report, AnyText("FILE.html"), "write an HTML report on what happened").OfTheRun();
  Declare(o.run, table);
  table
      .Add("timeout", o.timeout, Above(0).Called("N"),
           "seconds after which a process of several (mpirun) that does not answer is given up")
      .OfTheRun();
}

void Tell(const Task& task, const Outcome& outcome, const TrainingResult& run, const TrainVerbOptions& options) {
  if (options.run.json) {
    OrderedJson json = JsonResult("train", task.info().name, options.output);
    json.update(outcome.json);
    json["training"] = TrainingJson(run);
    PrintJson(json);
  } else if (!options.run.quiet) {
    PrintLine(outcome.text);
    PrintLine(fmt::format("Wrote {}{}", options.output, options.report.empty() ? "" : " and " + options.report));
  }
}

// What the first process of several does alone: it writes and speaks.
void Train(const Task& task, TrainAction& action, const TrainVerbOptions& options, ProcessGroup& group) {
  const bool first = group.rank() == 0;
  TrainOptions& train = action.options();
  train.checkpoint = CheckpointPath(options.output);
  if (first) RequireOutputs({options.output, train.checkpoint, options.report}, action.reads());
  Console console(options.run.quiet || !first);
  Threads threads(options.run.threads);
  TaskContext context = ContextOf(console, threads, group);
  const std::unique_ptr<Job> job = action.Prepare(context);
  SayHowThreadsShare(job->trainable(), threads, group, console);
  const TrainingResult run =
      RunTraining(job->trainable(), job->training(), threads, group, console, {job->unit(), job->measure()});
  std::vector<std::string> checkpoints = {train.checkpoint};
  for (TrainingResult last = run; job->GoOn(last, context);) {
    checkpoints.push_back(job->training().checkpoint);
    last = RunTraining(job->trainable(), job->training(), threads, group, console, {job->unit(), job->measure()});
  }
  console.Live("Measuring ...");
  const Outcome outcome = job->Finish(run, context);
  if (!first) return;
  OnFirst(group, [&] {
    SaveModel(options.output, job->ToModel(threads));
    if (!options.report.empty()) WriteReport(options.report, job->MakeReport(threads));
    for (const std::string& each : checkpoints) RemoveCheckpoint(each);
  });
  console.ClearLive();
  Tell(task, outcome, run, options);
}

void RunTrain(const Task& task, TrainAction& action, const TrainVerbOptions& options) {
  DoTogether(JoinProcesses(options.timeout), [&](ProcessGroup& group) { Train(task, action, options, group); });
}

void AddTrainedTask(CLI::App& train, const Task& task) {
  struct State {
    std::unique_ptr<TrainAction> action;
    TrainVerbOptions options;
    OptionTable table;
  };
  CLI::App& verb = *train.add_subcommand(task.info().name, task.info().learns);
  auto state = std::make_shared<State>();
  state->action = task.Train();
  state->action->Declare(state->table);
  Declare(state->options, state->table);
  AddOptions(verb, state->table);
  verb.footer(state->action->notes());
  verb.callback([state, &task] { RunTrain(task, *state->action, state->options); });
}

}  // namespace

void AddTrain(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("train", "Train a model on your data");
  verb.require_subcommand(1);
  verb.footer("\"eddy train TASK --help\" tells all about a task.");
  for (const Task* task : Tasks()) AddTrainedTask(verb, *task);
  GroupVerbs(verb, "Tasks");
}

}  // namespace eddy

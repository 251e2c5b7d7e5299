// Task: what Eddy can learn to do, such as forecasting, as the program, the library and other languages see it. A task is
// one folder, src/tasks/NAME/, whose task.cc defines `const Task& NameTask()`; the build makes the table of tasks from the
// folders. Nothing outside its folder names a task.
//
// What a task does comes in actions, each with options of its own that it declares (options/option_table.h): train, use (the
// verb of its own, such as "forecast"), evaluate, compare. An action is made, told its options, and run once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/compared_task.h"
#include "eddy/data.h"
#include "eddy/tasks/train_options.h"
#include "eddy/threads.h"
#include "eddy/train.h"
#include "inspect/inside.h"
#include "model/model_file.h"
#include "options/option_table.h"
#include "report/report.h"
#include "train/process_exchange.h"

namespace eddy {

struct TaskInfo {
  std::string name;     // "text": eddy train text
  std::string learns;   // of training, for help: "Learn to go on with text: a language model"
  std::string verb;     // "generate": eddy generate MODEL
  std::string does;     // of the verb, for help: "Write text that a model goes on with"
  std::string subject;  // what its models are of, after "a model of": "text"
  std::string examples =
      {};  // lines for the help of the program: "  eddy train text book.txt -o book.eddy   learn a text\n"
};

// What whoever runs an action gives it. All functions may be called from the thread that runs the action alone.
struct TaskContext {
  Threads& threads;
  std::function<void(std::string_view)> line;  // a line for people that stays
  std::function<void(std::string_view)> live;  // what is being done now: the next one takes its place
  std::function<bool()> stop;                  // whether to end early
  // The processes that do the same with the same data, to the same bits; what they do apart they may share out.
  ProcessGroup& group = Alone();
};
TaskContext QuietContext(Threads& threads, ProcessGroup& group = Alone());  // says nothing and never stops

// What came out, in words and for programs.
struct Outcome {
  std::string text;  // a table, or some lines
  OrderedJson json;  // an object: the keys of docs/json.md
};
// Makes it of a task's own Result, which has DescribeResult(result) and AddResult(json, result) beside it.
template <class Result>
Outcome MakeOutcome(const Result& result) {
  Outcome outcome{DescribeResult(result), OrderedJson::object()};
  AddResult(outcome.json, result);
  return outcome;
}

// One figure that says how good a model is, the lower the better, such as nats a token.
struct Figure {
  double value;
  std::string measure;  // "nats a character"
};

class Action {
 public:
  virtual ~Action() = default;
  virtual void Declare(OptionTable& table) = 0;  // called once; the action stays where it is from then on
  virtual std::string notes() const = 0;         // below the options in help: what they cannot say, and examples

  // For a look before any work is done; paths that are not wanted are empty.
  virtual std::vector<std::string> reads() const = 0;
  virtual std::vector<std::string> writes() const { return {}; }
};

// A training, prepared: the data read and split, the floors measured where that comes first, the network made. It owns all
// of these. Finish() is called once, after the run; what follows it may then be called.
class Job {
 public:
  virtual ~Job() = default;
  virtual Trainable& trainable() = 0;
  virtual const TrainingOptions& training() const = 0;
  virtual std::string unit() const = 0;     // what its speed counts, "characters"
  virtual std::string measure() const = 0;  // what its losses are in, "nats a character"

  // Of a job that trains several networks, one after another: goes on to the next, after the run of the one before, with a
  // trainable() and a training() of its own, whose checkpoint is another. False where there is none. Every process of the
  // context's group calls it.
  virtual bool GoOn(const TrainingResult&, TaskContext&) { return false; }

  // After the last run, of which `run` is the first. Calibrates, and measures beside the floors; every process of the
  // context's group calls it.
  virtual Outcome Finish(const TrainingResult& run, TaskContext& context) = 0;
  virtual Model ToModel(Threads& threads) = 0;
  virtual Report MakeReport(Threads& threads) = 0;
};

class TrainAction : public Action {
 public:
  // Throws Error for data that cannot be learned from, UsageError for options that do not go together.
  virtual std::unique_ptr<Job> Prepare(TaskContext& context) = 0;
  virtual TrainOptions& options() = 0;
};

// The verb of a task: runs a model on new data.
struct UseContext : TaskContext {
  std::function<void(std::string_view)> write;  // standard output
  std::function<std::string()> read;            // all of standard input
  std::function<void(OrderedJson)> write_json;  // on standard output, behind the keys that every object begins with
};

class UseAction : public Action {
 public:
  virtual void Run(UseContext& context) = 0;
  virtual std::string model() const = 0;  // the path of the (first) model
};

// What `eddy evaluate` and `eddy quantize` have for every task.
struct EvaluateInput {
  std::string model;  // the path that `packed` was read from
  Data data;          // to measure on
};

class EvaluateAction : public Action {
 public:
  virtual Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) = 0;
  virtual Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) = 0;
  std::vector<std::string> reads() const override { return {}; }
};

class CompareAction : public Action {
 public:
  // The data are the compared task's own.
  virtual std::unique_ptr<ComparedTask> Prepare(uint64_t seed, TaskContext& context) = 0;
};

// A model that has been loaded, and all of it checked.
class LoadedModel {
 public:
  virtual ~LoadedModel() = default;
  virtual std::vector<Parameter*> parameters() = 0;
  virtual void SetPrecision(Precision precision) = 0;  // of its products
  virtual Model ToModel(Threads& threads) = 0;
  // What happens inside while it reads a file. Throws Error for a task that has no such look.
  virtual Inside LookInside(const std::string& file, Threads& threads) = 0;
};

class Task {
 public:
  virtual ~Task() = default;
  virtual const TaskInfo& info() const = 0;
  virtual std::unique_ptr<TrainAction> Train() const = 0;
  virtual std::unique_ptr<UseAction> Use() const = 0;
  virtual std::unique_ptr<EvaluateAction> Evaluate() const = 0;
  virtual std::unique_ptr<CompareAction> Compare() const { return nullptr; }  // none where there is nothing to compare
  // Throws Error for a model that is broken or of another task; runs the golden input.
  virtual std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const = 0;
};

std::span<const Task* const> Tasks();         // by name
const Task& FindTask(std::string_view name);  // throws Error that names the nearest

}  // namespace eddy

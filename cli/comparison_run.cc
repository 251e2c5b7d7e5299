#include "comparison_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <set>
#include <vector>

#include "compare/model_json.h"
#include "compare/report.h"
#include "comparison_result.h"
#include "eddy/error.h"
#include "local_processes.h"
#include "model/architecture.h"
#include "output.h"
#include "output_files.h"
#include "peak_memory.h"
#include "processes.h"
#include "signals.h"
#include "tasks/train_options.h"
#include "timing/stream_timing.h"
#include "train/process_exchange.h"
#include "training_run.h"

namespace eddy {
namespace {

constexpr int kMostJobs = 64;
constexpr int kLooks = 10;                  // at what is held out, of each: their time is part of the minutes
constexpr const char* kUsualCell = "lstm";  // whose default width says how many parameters all have

void RequireModels(const std::vector<std::string>& models) {
  if (models.empty()) throw UsageError("--models must name at least one");
  if (std::set(models.begin(), models.end()).size() != models.size())
    throw UsageError("--models must differ from each other");
}

void Tell(const Comparison& comparison, const std::string& name, const std::string& file, const CompareOptions& options) {
  if (options.run.json) {
    OrderedJson json = JsonResult("compare", name, "");
    json.erase("model");
    json["data"] = file;
    AddResult(json, comparison);
    PrintJson(json);
  } else if (!options.run.quiet) {
    PrintLine(DescribeResult(comparison));
    if (!options.report.empty()) PrintLine("Wrote " + options.report);
  }
}

// Whether `train` was not stopped by a signal, be it in training or in measuring. An error says what was trained.
template <class Train>
bool TrainedToTheEnd(const std::string& subject, const Train& train, Threads& threads) {
  const StopSignals signals(threads);
  try {
    train();
    return true;
  } catch (const Stopped&) {
    return false;
  } catch (const Error& error) {
    throw Error(subject + ": " + error.what());
  } catch (const std::bad_alloc& error) {
    throw Error(subject + ": " + DescribeError(error));
  }
}

// The models of all, in the order in which they were named; of the first process alone.
std::vector<ComparedModel> Gather(ProcessGroup& group, const std::vector<std::string>& names,
                                  std::vector<ComparedModel> own) {
  if (group.size() == 1) return own;
  const StopSignals signals;  // asked to stop, it waits for the others, which are asked as well
  std::vector<ComparedModel> all;
  for (const std::string& theirs : ToFirst(group, Serialize(own))) {
    for (ComparedModel& model : ParseComparedModels(theirs)) all.push_back(std::move(model));
  }
  const auto place = [&](const ComparedModel& model) { return std::find(names.begin(), names.end(), model.name); };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return all;
}

// When no other trains beside it.
void TimeSteps(std::vector<ComparedModel>& trained, const std::vector<std::string>& names,
               const std::vector<EncoderOptions>& layers) {
  for (ComparedModel& model : trained) {
    const auto place = std::find(names.begin(), names.end(), model.name) - names.begin();
    model.step_microseconds = 1e6 * TimeStreamStep(layers[static_cast<size_t>(place)]);
  }
}

}  // namespace

void Declare(CompareOptions& o, OptionTable& table) {
  table.Group("Comparison");
  table.Add("models", o.models, Architectures(),
            "what to compare: cells that \"eddy cells\" lists, tcn, attention; A+B chains them");
  table.Add("minutes", o.minutes, Above(0).Called("N"), "of training for each");
  table.Add("steps", o.steps, WholeNumber(1, uint64_t{1} << 40), "of training for each, instead of minutes")
      .Excludes("minutes");
  table.Add("parameters", o.parameters, WholeNumber(1, uint64_t{1} << 32), "of each network, as nearly as its width allows")
      .Usually("as \"eddy train\" gives an lstm");
  table.Group("Run");
  table.Add("report", o.report, AnyText("FILE.html"), "write an HTML report with the curves");
  table.Add("seed", o.seed, WholeNumber(0, ~uint64_t{0}), "of all that is random");
  table.Add("jobs", o.jobs, WholeNumber(1, kMostJobs),
            "models trained at once, which share --threads; each holds all of the data");
  table.Add("timeout", o.timeout, Above(0).Called("N"),
            "seconds after which a process of several (mpirun) that does not answer is given up");
  Declare(o.run, table);
}

void DoInJobs(const CompareOptions& options, const std::function<void(ProcessGroup& group, int threads)>& work) {
  std::unique_ptr<ProcessGroup> group = JoinProcesses(options.timeout);
  if (group->size() > 1) {
    return DoTogether(std::move(group), [&](ProcessGroup& all) {
      if (options.jobs > 1) throw UsageError("--jobs is for one machine: mpirun has started processes already");
      work(all, options.run.threads);
    });
  }
  const int jobs = std::min(options.jobs, static_cast<int>(options.models.size()));
  if (jobs <= 1) return work(*group, options.run.threads);
  const auto describe = [&](int rank) {
    std::vector<std::string> names;
    for (size_t i = static_cast<size_t>(rank); i < options.models.size(); i += static_cast<size_t>(jobs)) {
      names.push_back(options.models[i]);
    }
    return fmt::format("{}", fmt::join(names, ", "));
  };
  DoInWorkers(jobs, describe, [&](ProcessGroup& all) { work(all, std::max(1, options.run.threads / jobs)); });
}

void RunComparison(ComparedTask& task, const std::string& name, const std::vector<std::string>& inputs,
                   const CompareOptions& options, Threads& threads, ProcessGroup& group, Console& console) {
  const std::vector<std::string>& models = options.models;
  RequireModels(models);
  const bool first = group.rank() == 0;
  if (first) RequireOutputs({options.report}, inputs);
  const size_t parameters = options.parameters.value_or(task.CountParameters(task.Layers(kUsualCell)));
  std::vector<EncoderOptions> layers;  // all are found before any is trained: an error should not take an hour
  for (const std::string& model : models) layers.push_back(LayersOfSize(task, model, parameters));

  Comparison comparison;
  std::vector<ComparedModel> own;
  const auto step = static_cast<size_t>(group.size());
  for (size_t i = static_cast<size_t>(group.rank()); i < models.size() && StopSignal() == 0; i += step) {
    ComparedModel model{models[i], Describe(layers[i]), task.CountParameters(layers[i]), {}, {}, 0, 0};
    const std::string subject = fmt::format("{} ({} of {})", models[i], i + 1, models.size());
    console.Line(fmt::format("{}: {}, {} parameters", subject, model.layers, model.parameters));
    const ComparedTask::Run run = [&](Trainable& trainable, TrainingOptions training) {
      training.limit = options.steps ? "steps" : "minutes";
      training.amount = options.steps ? static_cast<double>(*options.steps) : options.minutes;
      training.validations = kLooks;
      return RunUntilStopped(trainable, training, threads, console, {task.unit(), "", subject});
    };
    const MemoryMeter meter;
    const bool to_the_end = TrainedToTheEnd(
        subject, [&] { task.Train(layers[i], run, threads, model); }, threads);
    if (!to_the_end || model.run.stopped) break;
    if (i == 0) {  // by the first process; early: a signal that comes later finds it done
      console.Live("Measuring what is to beat ...");
      comparison = task.Judge(threads);
      comparison.minutes = options.steps ? std::nan("") : options.minutes;
      comparison.steps = options.steps.value_or(0);
      console.ClearLive();
    }
    model.memory_bytes = meter.bytes();
    if (group.size() == 1) model.step_microseconds = 1e6 * TimeStreamStep(layers[i]);
    own.push_back(std::move(model));
  }
  std::vector<ComparedModel> trained = Gather(group, models, std::move(own));
  const bool stopped = StopSignal() != 0;
  if (!first) {
    if (stopped) throw Interrupted(StopSignal());
    return;
  }
  if (comparison.weights.empty()) trained.clear();  // the first was not trained to the end: there is nothing to judge by
  comparison.models = std::move(trained);
  if (group.size() > 1) TimeSteps(comparison.models, models, layers);
  if (!options.report.empty() && !comparison.models.empty()) {
    WriteReport(options.report, MakeComparisonReport(comparison, inputs.front()));
  }
  console.ClearLive();
  if (stopped) {
    console.Line(fmt::format("Stopped: {} of {} were trained to the end.", comparison.models.size(), models.size()));
  }
  if (!comparison.models.empty()) Tell(comparison, name, inputs.front(), options);
  if (!stopped) return;
  FlushOutput();
  throw Interrupted(StopSignal());
}

}  // namespace eddy

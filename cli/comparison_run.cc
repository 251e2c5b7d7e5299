#include "comparison_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "compare/report.h"
#include "comparison_result.h"
#include "model/architecture.h"
#include "output.h"
#include "output_files.h"
#include "peak_memory.h"
#include "signals.h"
#include "tasks/train_options.h"
#include "timing/stream_timing.h"
#include "training_run.h"

namespace eddy {
namespace {

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

// Whether `train` was not stopped by a signal, be it in training or in measuring.
template <class Train>
bool TrainedToTheEnd(const Train& train, Threads& threads) {
  const StopSignals signals(threads);
  try {
    train();
    return true;
  } catch (const Stopped&) {
    return false;
  }
}

}  // namespace

void Declare(CompareOptions& o, OptionTable& table) {
  table.Group("Comparison");
  table.Add("models", o.models, Architectures(),
            "what to compare: cells that \"eddy cells\" lists, tcn, attention; A+B chains them");
  table.Add("minutes", o.minutes, Above(0).Called("N"), "of training for each");
  table.Add("parameters", o.parameters, WholeNumber(1, uint64_t{1} << 32), "of each network, as nearly as its width allows")
      .Usually("as \"eddy train\" gives an lstm");
  table.Group("Run");
  table.Add("report", o.report, AnyText("FILE.html"), "write an HTML report with the curves");
  table.Add("seed", o.seed, WholeNumber(0, ~uint64_t{0}), "of all that is random");
  Declare(o.run, table);
}

void RunComparison(ComparedTask& task, const std::string& name, const std::vector<std::string>& inputs,
                   const CompareOptions& options, Threads& threads, Console& console) {
  const std::vector<std::string>& models = options.models;
  RequireModels(models);
  RequireOutputs({options.report}, inputs);
  const size_t parameters = options.parameters.value_or(task.CountParameters(task.Layers(kUsualCell)));
  std::vector<EncoderOptions> layers;  // all are found before any is trained: an error should not take an hour
  for (const std::string& model : models) layers.push_back(LayersOfSize(task, model, parameters));

  Comparison comparison;
  for (size_t i = 0; i < models.size() && StopSignal() == 0; ++i) {
    ComparedModel model{models[i], Describe(layers[i]), task.CountParameters(layers[i]), {}, {}, 0, 0};
    const std::string subject = fmt::format("{} ({} of {})", models[i], i + 1, models.size());
    console.Line(fmt::format("{}: {}, {} parameters", subject, model.layers, model.parameters));
    const ComparedTask::Run run = [&](Trainable& trainable, TrainingOptions training) {
      training.limit = "minutes";
      training.amount = options.minutes;
      training.validations = kLooks;
      return RunUntilStopped(trainable, training, threads, console, {task.unit(), "", subject});
    };
    const MemoryMeter meter;
    if (!TrainedToTheEnd([&] { task.Train(layers[i], run, threads, model); }, threads) || model.run.stopped) break;
    if (i == 0) {  // early: a signal that comes later finds it done
      console.Live("Measuring what is to beat ...");
      comparison = task.Judge(threads);
      comparison.minutes = options.minutes;
      console.ClearLive();
    }
    model.memory_bytes = meter.bytes();
    model.step_microseconds = 1e6 * TimeStreamStep(layers[i]);
    comparison.models.push_back(std::move(model));
  }
  if (!options.report.empty() && !comparison.models.empty()) {
    WriteReport(options.report, MakeComparisonReport(comparison, inputs.front()));
  }
  console.ClearLive();
  const bool stopped = StopSignal() != 0;
  if (stopped) {
    console.Line(fmt::format("Stopped: {} of {} were trained to the end.", comparison.models.size(), models.size()));
  }
  if (!comparison.models.empty()) Tell(comparison, name, inputs.front(), options);
  if (!stopped) return;
  FlushOutput();
  throw Interrupted(StopSignal());
}

}  // namespace eddy

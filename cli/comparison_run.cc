#include "comparison_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "architecture_option.h"
#include "comparison_result.h"
#include "output.h"
#include "output_files.h"
#include "peak_memory.h"
#include "signals.h"
#include "tasks/architecture.h"
#include "tasks/comparison_report.h"
#include "tasks/stream_timing.h"
#include "train_options.h"
#include "training_run.h"
#include "usage.h"

namespace eddy {
namespace {

constexpr int kLooks = 10;                  // at what is held out, of each: their time is part of the minutes
constexpr const char* kUsualCell = "lstm";  // whose default width says how many parameters all have

std::vector<std::string> ModelsOf(const CompareOptions& options) {
  const std::vector<std::string> models = SplitList(options.models);
  if (models.empty()) throw UsageError("--models must name at least one");
  for (const std::string& model : models) {
    std::string name = model;
    const std::string wrong = Architecture()(name);
    if (!wrong.empty()) throw UsageError("--models: " + wrong);
  }
  if (std::set(models.begin(), models.end()).size() != models.size())
    throw UsageError("--models must differ from each other");
  return models;
}

void Tell(const Comparison& comparison, const char* name, const std::string& file, const CompareOptions& options) {
  if (options.json) {
    OrderedJson json = JsonResult("compare", name, "");
    json.erase("model");
    json["data"] = file;
    AddResult(json, comparison);
    PrintJson(json);
  } else if (!options.quiet) {
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

void AddCompareOptions(CLI::App& verb, CompareOptions& o) {
  const char* group = "Comparison";
  verb.add_option("--models", o.models, "what to compare: cells that \"eddy cells\" lists, tcn, attention; A+B chains them")
      ->type_name("A,B")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--minutes", o.minutes, "of training for each")
      ->type_name("N")
      ->capture_default_str()
      ->check(Above(0))
      ->group(group);
  verb.add_option("--parameters", o.parameters, "of each network, as nearly as its width allows")
      ->type_name("N")
      ->default_str("as \"eddy train\" gives an lstm")
      ->check(WholeNumberIn(1, uint64_t{1} << 32))
      ->group(group);
  verb.add_option("--report", o.report, "write an HTML report with the curves")->type_name("FILE.html")->group("Run");
  verb.add_option("--seed", o.seed, "of all that is random")->type_name("N")->capture_default_str()->group("Run");
  AddThreadsOption(verb, o.threads);
  verb.add_flag("--quiet", o.quiet, "say nothing but errors")->group("Run");
  verb.add_flag("--json", o.json, "print the result as one JSON object on stdout")->group("Run");
}

void RunComparison(ComparedTask& task, const char* name, const std::vector<std::string>& inputs, const std::string& unit,
                   const CompareOptions& options, Console& console) {
  const std::vector<std::string> models = ModelsOf(options);
  RequireOutputs({options.report}, inputs);
  const size_t parameters = options.parameters.value_or(task.CountParameters(task.Layers(kUsualCell)));
  std::vector<EncoderOptions> layers;  // all are found before any is trained: an error should not take an hour
  for (const std::string& model : models) layers.push_back(LayersOfSize(task, model, parameters));

  Threads threads(options.threads);
  Comparison comparison;
  for (size_t i = 0; i < models.size() && StopSignal() == 0; ++i) {
    ComparedModel model{models[i], Describe(layers[i]), task.CountParameters(layers[i]), {}, {}, 0, 0};
    const std::string subject = fmt::format("{} ({} of {})", models[i], i + 1, models.size());
    console.Line(fmt::format("{}: {}, {} parameters", subject, model.layers, model.parameters));
    const ComparedTask::Run run = [&](Trainable& trainable, TrainingOptions training) {
      training.limit = "minutes";
      training.amount = options.minutes;
      training.validations = kLooks;
      return RunUntilStopped(trainable, training, threads, console, {unit, "", subject});
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

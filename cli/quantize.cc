#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "eddy/error.h"
#include "json_output.h"
#include "model/round_weights.h"
#include "output.h"
#include "output_files.h"
#include "tasks/task.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct QuantizeOptions {
  std::string model, file;  // what is read; without a file the change is measured on a sample kept in the model
  std::string to, output;
  RunOptions run;
};

Model Quantize(const Task& task, const Model& model, Precision precision, Threads& threads) {
  const std::unique_ptr<LoadedModel> loaded = task.Load(model, threads);
  RoundWeights(loaded->parameters(), precision);
  loaded->SetPrecision(precision);
  return loaded->ToModel(threads);
}

// One figure of each on the file.
std::pair<Figure, Figure> Measure(const Task& task, const Model& before, const Model& after, const EvaluateInput& input,
                                  Threads& threads) {
  TaskContext context = QuietContext(threads);
  const std::unique_ptr<EvaluateAction> action = task.Evaluate();
  OptionTable usual;
  action->Declare(usual);
  const Figure first = action->Measure(before, input, context);
  return {first, action->Measure(after, input, context)};
}

// By how much of its largest value the output for the sample kept in the model has moved.
double SampleChange(const Model& before, const Model& after) {
  double largest = 0, change = 0;
  for (size_t i = 0; i < before.golden_output.size(); ++i) {
    largest = std::max(largest, std::abs(double{before.golden_output[i]}));
    change = std::max(change, std::abs(double{after.golden_output[i]} - double{before.golden_output[i]}));
  }
  return change / std::max(largest, 1e-30);
}

void RunQuantize(const QuantizeOptions& options) {
  const EvaluateInput input = {options.model, Data(options.file)};
  const RunOptions& run = options.run;
  RequireOutputs({options.output}, {input.model, options.file});
  const Model before = LoadModel(input.model);
  if (before.precision != Precision::kFloat32) {
    Fail("quantize", input.model, "a model in float32", "in " + std::string(PrecisionName(before.precision)) + " already");
  }
  Threads threads(run.threads);
  const Task& task = FindTask(before.task);
  const Model after = Quantize(task, before, PrecisionFromName(options.to), threads);
  OrderedJson json = JsonResult("quantize", before.task, options.output);
  json["precision"] = options.to;
  std::string change;
  if (options.file.empty()) {
    const double moved = SampleChange(before, after);
    json["sample_change"] = moved;
    change = fmt::format("On the sample kept in the model, outputs move by at most {:.2g}% of the largest.", 100 * moved);
  } else {
    const auto [old_figure, new_figure] = Measure(task, before, after, input, threads);
    json["measure"] = old_figure.measure;
    json["before"] = old_figure.value;
    json["after"] = new_figure.value;
    change = fmt::format("{}: {:.4f} {} before, {:.4f} after ({:+.4f}).", options.file, old_figure.value, old_figure.measure,
                         new_figure.value, new_figure.value - old_figure.value);
  }
  SaveModel(options.output, after);
  const auto old_size = std::filesystem::file_size(input.model), new_size = std::filesystem::file_size(options.output);
  json["bytes_before"] = old_size;
  json["bytes_after"] = new_size;
  if (run.json) return PrintJson(json);
  if (run.quiet) return;
  PrintLine(change);
  PrintLine(
      fmt::format("Wrote {}: {} KiB instead of {}", options.output, (new_size + 1023) / 1024, (old_size + 1023) / 1024));
}

void Declare(QuantizeOptions& o, OptionTable& table) {
  table.Add("MODEL", o.model, AnyText("MODEL"), "a model that \"eddy train\" wrote").Required();
  table.Add("FILE", o.file, AnyText("FILE"), "data to measure the change on; a sample kept in the model otherwise");
  table.Group("Model");
  table.Add("to", o.to, OneOf({"int8", "bf16"}), "int8: a quarter of the size; bf16: half of it").Required();
  table.Add("output", o.output, AnyText("MODEL"), "where to write the new model").Letter('o').Required();
  Declare(o.run, table);
}

}  // namespace

void AddQuantize(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("quantize", "Make a model smaller and faster, a little less exact");
  auto options = std::make_shared<QuantizeOptions>();
  auto table = std::make_shared<OptionTable>();
  Declare(*options, *table);
  AddOptions(verb, *table);
  verb.footer(R"(Weights and what they are multiplied by are rounded; sums, states and everything else stay as they are.
Examples:
  eddy quantize book.eddy book.txt --to int8 -o small.eddy
  eddy generate small.eddy)");
  verb.callback([options, table] { RunQuantize(*options); });
}

}  // namespace eddy

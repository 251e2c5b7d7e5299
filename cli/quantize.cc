#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "console.h"
#include "eddy/error.h"
#include "evaluate.h"
#include "json_output.h"
#include "model/round_weights.h"
#include "output.h"
#include "output_files.h"
#include "tasks/classifier.h"
#include "tasks/forecaster.h"
#include "tasks/tagger.h"
#include "tasks/text_model.h"
#include "tasks/translator.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  std::string to, output;
  EvaluateOptions evaluate;  // its model, and the file to measure the change on, if any
};

Model Quantize(const Model& model, const Options& options, Threads& threads) {
  const Precision precision = PrecisionFromName(options.to);
  if (model.task == kTextTask) {
    TextModel text = UnpackTextModel(model);
    RoundWeights(text.network.parameters(), precision);
    text.network.SetPrecision(precision);
    return PackTextModel(text);
  }
  if (model.task == kForecastTask) {
    Forecaster forecaster = LoadForecaster(model, threads);
    RoundWeights(forecaster.network().parameters(), precision);
    forecaster.network().SetPrecision(precision);
    return MakeForecastModel(forecaster, ObjectField(model.description, "training"), threads);
  }
  if (model.task == kClassifyTask) {
    ClassifierNetwork network = LoadClassifier(model, threads);
    RoundWeights(network.parameters(), precision);
    network.SetPrecision(precision);
    return MakeClassifierModel(network, ObjectField(model.description, "training"), threads);
  }
  if (model.task == kTagTask) {
    TaggerNetwork network = LoadTagger(model, threads);
    RoundWeights(network.parameters(), precision);
    network.SetPrecision(precision);
    return MakeTaggerModel(network, ObjectField(model.description, "training"), threads);
  }
  if (model.task == kTranslateTask) {
    TranslatorNetwork network = LoadTranslator(model, threads);
    RoundWeights(network.parameters(), precision);
    network.SetPrecision(precision);
    return MakeTranslatorModel(network, ObjectField(model.description, "training"), threads);
  }
  Fail("quantize", options.evaluate.model, "a model of text, series, classes, tags or translations",
       "one of " + Quoted(model.task));
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

void RunQuantize(const Options& options) {
  const EvaluateOptions& evaluate = options.evaluate;
  RequireOutputs({options.output}, {evaluate.model, evaluate.file});
  const Model before = LoadModel(evaluate.model);
  if (before.precision != Precision::kFloat32) {
    Fail("quantize", evaluate.model, "a model in float32",
         "in " + std::string(PrecisionName(before.precision)) + " already");
  }
  Threads threads(evaluate.threads);
  const Model after = Quantize(before, options, threads);
  OrderedJson json = JsonResult("quantize", before.task, options.output);
  json["precision"] = options.to;
  std::string change;
  if (evaluate.file.empty()) {
    const double moved = SampleChange(before, after);
    json["sample_change"] = moved;
    change = fmt::format("On the sample kept in the model, outputs move by at most {:.2g}% of the largest.", 100 * moved);
  } else {
    const Figure old_figure = MeasureModel(before, evaluate), new_figure = MeasureModel(after, evaluate);
    json["measure"] = old_figure.measure;
    json["before"] = old_figure.value;
    json["after"] = new_figure.value;
    change = fmt::format("{}: {:.4f} {} before, {:.4f} after ({:+.4f}).", evaluate.file, old_figure.value,
                         old_figure.measure, new_figure.value, new_figure.value - old_figure.value);
  }
  SaveModel(options.output, after);
  const auto old_size = std::filesystem::file_size(evaluate.model), new_size = std::filesystem::file_size(options.output);
  json["bytes_before"] = old_size;
  json["bytes_after"] = new_size;
  if (evaluate.json) return PrintJson(json);
  if (evaluate.quiet) return;
  PrintLine(change);
  PrintLine(
      fmt::format("Wrote {}: {} KiB instead of {}", options.output, (new_size + 1023) / 1024, (old_size + 1023) / 1024));
}

}  // namespace

void AddQuantize(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("quantize", "Make a model smaller and faster, a little less exact");
  auto options = std::make_shared<Options>();
  EvaluateOptions& o = options->evaluate;
  verb.add_option("MODEL", o.model, "a model that \"eddy train\" wrote")->required();
  verb.add_option("FILE", o.file, "data to measure the change on; a sample kept in the model otherwise");
  verb.add_option("--to", options->to, "int8: a quarter of the size; bf16: half of it")
      ->type_name("NAME")
      ->required()
      ->check(OneOf({"int8", "bf16"}))
      ->group("Model");
  verb.add_option("-o,--output", options->output, "where to write the new model")
      ->type_name("MODEL")
      ->required()
      ->group("Model");
  verb.add_flag("--json", o.json, "print the result as one JSON object")->group("Run");
  verb.add_flag("--quiet", o.quiet, "say nothing but errors and the result of --json")->group("Run");
  AddThreadsOption(verb, o.threads);
  verb.footer(R"(Weights and what they are multiplied by are rounded; sums, states and everything else stay as they are.
Examples:
  eddy quantize book.eddy book.txt --to int8 -o small.eddy
  eddy generate small.eddy)");
  verb.callback([options] { RunQuantize(*options); });
}

}  // namespace eddy

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "eddy/error.h"
#include "inspect_model.h"
#include "output.h"
#include "tasks/classifier.h"
#include "tasks/forecast_report.h"
#include "tasks/tagger.h"
#include "tasks/text_report.h"
#include "tasks/translator.h"
#include "train_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  std::string model, file;
  bool json = false;
  int threads = 1;
};

// Rebuilds the network, which runs its golden input, and looks inside on the file where there is one. Throws Error.
std::optional<Inside> Rebuild(const Model& model, const std::string& file, Threads& threads) {
  if (model.task == kTextTask) {
    TextModel text = UnpackTextModel(model);
    if (file.empty()) return {};
    const std::string content = ReadTextFiles(std::span(&file, 1), text.format.unit, text.format.lines);
    return LookInsideText(text, text.format.Encode(content, file), threads);
  }
  if (model.task == kForecastTask) {
    Forecaster forecaster = LoadForecaster(model, threads);
    if (file.empty()) return {};
    return LookInsideForecast(forecaster, ReadSeries(ReadCsv(file), forecaster.design().columns), threads);
  }
  if (model.task == kClassifyTask) {
    LoadClassifier(model, threads);
    Require(file.empty(), "inspect", "the file", "left out for a model of classes",
            "given (eddy classify --explain shows what moves a prediction)");
    return {};
  }
  if (model.task == kTagTask) {
    LoadTagger(model, threads);
    Require(file.empty(), "inspect", "the file", "left out for a model of tags",
            "given (eddy tag says what it makes of it)");
    return {};
  }
  if (model.task == kTranslateTask) {
    LoadTranslator(model, threads);
    Require(file.empty(), "inspect", "the file", "left out for a model of translations",
            "given (eddy translate --alignments shows what it attends to)");
    return {};
  }
  Fail("inspect", "the model", "of text, series, classes, tags or translations", "of " + Quoted(model.task));
}

void RunInspect(const Options& options) {
  const Model model = LoadModel(options.model);
  Threads threads(options.threads);
  const std::optional<Inside> inside = Rebuild(model, options.file, threads);

  OrderedJson json = JsonResult("inspect", model.task, options.model);
  AddModel(json, model);
  json["golden"] = "reproduced";
  if (inside) {
    json["file"] = options.file;
    json["inside"] = ToJson(*inside);
  }
  if (options.json) return PrintJson(json);
  if (inside) {
    PrintLine(fmt::format("Inside {} while it reads {} steps of {}\n", options.model, inside->steps.size(), options.file));
    Print(DescribeInside(*inside));
  } else {
    Print(DescribeModel(json));
    PrintLine("\nThe golden input gives the golden output: the network is the one that was saved.");
  }
}

}  // namespace

void AddInspect(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("inspect", "Say what is in a model, or what happens inside it on data");
  auto options = std::make_shared<Options>();
  verb.add_option("MODEL", options->model, "a model that \"eddy train\" wrote")->required();
  verb.add_option("FILE", options->file, "data to look inside on: text, or series as in training");
  verb.add_flag("--json", options->json, "print one JSON object")->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(
      R"(With FILE: how much of the last step's gradient survives so many steps back, how many hidden units are dead (hardly
change) or saturated (within 0.05 of -1 or 1), and the share of gate values at their limits, over the beginning of the
text or the end of the first series.
Examples:
  eddy inspect book.eddy
  eddy inspect book.eddy book.txt)");
  verb.callback([options] { RunInspect(*options); });
}

}  // namespace eddy

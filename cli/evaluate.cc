#include "evaluate.h"

#include <memory>

#include "eddy/error.h"
#include "tasks/beam_search.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

void Evaluate(const EvaluateOptions& options) {
  const Model model = LoadModel(options.model);
  if (model.task == "text") return EvaluateText(model, options);
  if (model.task == "forecast") return EvaluateForecast(model, options);
  if (model.task == "classify") return EvaluateClassifier(model, options);
  if (model.task == "tag") return EvaluateTagger(model, options);
  if (model.task == "translate") return EvaluateTranslation(model, options);
  Fail("evaluate", options.model, "a model of text, series, classes, tags or translations", "one of " + Quoted(model.task));
}

}  // namespace

Figure MeasureModel(const Model& model, const EvaluateOptions& options) {
  if (model.task == "text") return MeasureTextModel(model, options);
  if (model.task == "classify") return MeasureClassifier(model, options);
  if (model.task == "tag") return MeasureTagger(model, options);
  if (model.task == "translate") return MeasureTranslator(model, options);
  return MeasureForecastModel(model, options);
}

void AddEvaluate(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("evaluate", "Measure a model on data, beside the naive figure");
  auto options = std::make_shared<EvaluateOptions>();
  verb.add_option("MODEL", options->model, "a model that \"eddy train\" wrote")->required();
  verb.add_option("FILE", options->file, "data to measure it on")->required();
  verb.add_flag("--all", options->all, "all but series: measure also on what it was trained on")->group("Data");
  verb.add_option("--train", options->train, "where the training data are, for the simple method to compare with")
      ->type_name("FILE")
      ->default_str("where it was")
      ->group("Data");
  verb.add_option("--from", options->from, "series: forecast everything from this time on, a horizon at a time")
      ->type_name("TIME")
      ->default_str("the last horizon")
      ->group("Data");
  verb.add_option("--beam", options->beam, "pairs: beginnings kept in the search; 1 for the likeliest token at every step")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(1, kMostBeam))
      ->group("Translations");
  verb.add_option("--with", options->with, "pairs: models of the same vocabularies that decide together with MODEL")
      ->type_name("MODEL")
      ->group("Translations");
  verb.add_option("--tokenize", options->tokenize, "pairs: of BLEU, 13a, or none for text that is tokenised already")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(OneOf({"13a", "none"}))
      ->group("Translations");
  verb.add_flag("--json", options->json, "print the result as one JSON object")->group("Run");
  verb.add_flag("--quiet", options->quiet, "say nothing but errors and the result of --json")->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(
      R"(But for series: where FILE is what the model was trained on, only its held-out part is used. Series: the last horizon of
each is forecast from what comes before it.
Examples:
  eddy evaluate book.eddy other.txt
  eddy evaluate book.eddy book.txt --json
  eddy evaluate sales.eddy sales.csv --from 2024-01-01
  eddy evaluate reviews.eddy test.csv
  eddy evaluate de-en.eddy test.tsv --beam 10
  eddy evaluate seed1.eddy test.tsv --with seed2.eddy seed3.eddy)");
  verb.callback([options] { Evaluate(*options); });
}

}  // namespace eddy

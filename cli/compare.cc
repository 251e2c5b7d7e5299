#include <memory>

#include "comparison_run.h"
#include "example_input.h"
#include "forecast_result.h"
#include "series_input.h"
#include "tasks/classifier.h"
#include "tasks/compared_classes.h"
#include "tasks/compared_forecasts.h"
#include "tasks/compared_text.h"
#include "tasks/forecaster.h"
#include "tasks/text_model.h"
#include "text_input.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

void AddCompareText(CLI::App& compare) {
  struct Options {
    TextInput input;
    CompareOptions compare;
  };
  CLI::App& verb = *compare.add_subcommand("text", "Compare language models");
  auto options = std::make_shared<Options>();
  AddTextInput(verb, options->input);
  AddCompareOptions(verb, options->compare);
  verb.footer(R"(Examples:
  eddy compare text book.txt
  eddy compare text words.txt --lines --models lstm,tcn,lstm+attention --minutes 5 --report words.html)");
  verb.callback([options] {
    Console console(options->compare.quiet);
    const LoadedText loaded = Load(options->input);
    ComparedText task(loaded.split, options->compare.seed);
    const std::string unit(TextUnitName(loaded.split.format.unit));
    std::vector<std::string> inputs = options->input.files;
    inputs.push_back(ParseHeldOut(options->input.valid).file);
    RunComparison(task, kTextTask, inputs, unit, options->compare, console);
  });
}

void AddCompareForecast(CLI::App& compare) {
  struct Options {
    SeriesInput input;
    CompareOptions compare;
  };
  CLI::App& verb = *compare.add_subcommand("forecast", "Compare forecasters");
  auto options = std::make_shared<Options>();
  AddSeriesInput(verb, options->input);
  AddCompareOptions(verb, options->compare);
  verb.footer(
      R"(Differences are only told from chance with several forecasts to judge by: many series, or a --holdout of many horizons.
Examples:
  eddy compare forecast sales.csv --target sold --time day --horizon 28 --holdout 280
  eddy compare forecast load.csv --target load --time hour --series house --horizon 48 --report load.html)");
  verb.callback([options] {
    Console console(options->compare.quiet);
    const SeriesInput& input = options->input;
    const SeriesData data = Load(input);
    ForecastSetup setup = DefaultForecastSetup(data.set, data.split, input.horizon, input.season.value_or(0));
    if (!input.quantiles.empty()) setup.design.quantiles = ParseQuantiles(input.quantiles);
    ComparedForecasts task(data.set, data.split, setup, options->compare.seed);
    RunComparison(task, kForecastTask, {input.file}, "rows", options->compare, console);
  });
}

void AddCompareClassify(CLI::App& compare) {
  struct Options {
    ExampleInput input;
    bool characters = false, forward = false;
    CompareOptions compare;
  };
  CLI::App& verb = *compare.add_subcommand("classify", "Compare classifiers");
  auto options = std::make_shared<Options>();
  AddExampleInput(verb, options->input);
  verb.add_flag("--characters", options->characters, "read sentences as characters rather than words")->group("Network");
  verb.add_flag("--forward", options->forward, "read in one direction only, so that each can be run step by step")
      ->group("Network");
  AddCompareOptions(verb, options->compare);
  verb.footer(R"(Examples:
  eddy compare classify reviews.csv --text review --label stars
  eddy compare classify JapaneseVowels_TRAIN.ts --valid JapaneseVowels_TEST.ts --forward --report vowels.html)");
  verb.callback([options] {
    Console console(options->compare.quiet);
    const ExampleFields fields = FieldsOf(options->input);
    const ClassData data = Load(options->input, fields);
    if (options->characters && fields.text.empty()) {
      throw UsageError("--characters is an option of sentences, not of series");
    }
    SentenceOptions sentences;
    if (options->characters) sentences.unit = TextUnit::kCharacters;
    const ClassifierSetup setup = DefaultClassifierSetup(data.train, fields, data.classes, sentences);
    ComparedClasses task(data, setup, options->forward, options->compare.seed);
    RunComparison(task, kClassifyTask, {options->input.file, ParseHeldOut(options->input.valid).file}, "examples",
                  options->compare, console);
  });
}

}  // namespace

void AddCompare(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("compare", "Train architectures side by side on your data, and say which to take");
  verb.require_subcommand(1);
  AddCompareText(verb);
  AddCompareForecast(verb);
  AddCompareClassify(verb);
  for (CLI::App* task : verb.get_subcommands([](const CLI::App*) { return true; })) task->group("Tasks");
  verb.footer(R"(Each gets as many parameters and as many minutes, and is judged on the same held-out part.
"eddy compare TASK --help" tells all about a task.)");
}

}  // namespace eddy

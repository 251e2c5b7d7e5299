#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "console.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "forecast_result.h"
#include "tasks/architecture.h"
#include "tasks/forecast_defaults.h"
#include "tasks/forecast_report.h"
#include "tasks/forecast_training.h"
#include "tell.h"
#include "train/checkpoint.h"
#include "train_options.h"
#include "training_run.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  TrainOptions train;
  std::string file;
  SeriesColumns columns;
  std::string covariates, known;  // lists
  size_t horizon = 0;
  std::optional<size_t> season, hold_out, window;
  std::string from;  // a time
  std::string quantiles;
};

struct Data {
  SeriesSet set;
  HoldOut hold_out;
  ForecastSplit split;
  Json fingerprint;
};

Data Load(const Options& options) {
  SeriesColumns columns = options.columns;
  columns.covariates = SplitList(options.covariates);
  columns.known = SplitList(options.known);
  for (const std::string& name : columns.known) {
    const bool listed = std::find(columns.covariates.begin(), columns.covariates.end(), name) != columns.covariates.end();
    if (!listed) columns.covariates.push_back(name);
  }
  const std::string text = ReadFile(options.file);
  Data data;
  data.set = ReadSeries(ParseCsv(text, options.file), columns);
  data.hold_out.rows = options.hold_out.value_or(options.horizon);
  if (!options.from.empty()) {
    data.hold_out.from = data.set.axis.Parse(options.from);
    if (!data.hold_out.from) Fail("train forecast", "--from", "a time like those of the time column", Quoted(options.from));
  }
  data.split = SplitSeries(data.set, data.hold_out, options.horizon);
  data.fingerprint = {{"bytes", text.size()}, {"hash", HashBytes(text)}};
  return data;
}

Json HoldOutJson(const HoldOut& hold_out) {
  return {{"rows", hold_out.rows}, {"from", hold_out.from ? Json(*hold_out.from) : Json()}};
}

ForecastSetup MakeSetup(const Options& options, const Data& data) {
  ForecastSetup setup = DefaultForecastSetup(data.set, data.split, options.horizon, options.season.value_or(0));
  const TrainOptions& given = options.train;
  ForecastDesign& design = setup.design;
  if (options.window) design.window = *options.window;
  Override(design.encoder, given, design.window);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batch = *given.batch;
  if (!options.quantiles.empty()) design.quantiles = ParseQuantiles(options.quantiles);
  setup.training.fingerprint = {{"task", kForecastTask},
                                {"network", ToJson(design)},
                                {"batch", setup.batch},
                                {"seed", given.seed},
                                {"precision", given.precision},
                                {"data", data.fingerprint},
                                {"hold_out", HoldOutJson(data.hold_out)}};
  return setup;
}

void SayWhatIsTrained(Console& console, const Data& data, const ForecastSetup& setup) {
  const ForecastDesign& design = setup.design;
  size_t rows = 0;
  for (const Series& series : data.set.series) rows += series.size();
  console.Line(fmt::format("Series: {}, {} rows of a {}; {} held out to judge by", data.set.series.size(), rows, design.step,
                           data.hold_out.from ? "rows from a date on" : fmt::format("the last {}", data.hold_out.rows)));
  console.Line(
      fmt::format("Season: {}", design.seasons.empty() ? "none" : fmt::format("{}", fmt::join(design.seasons, " and "))));
  console.Line(fmt::format("Network: {}; reads {} rows, puts out {}; batch {}", Describe(design.encoder), design.window,
                           design.horizon, setup.batch));
}

void RunTrainForecast(const Options& options) {
  const TrainOptions& given = options.train;
  RequireWritable(given.output);
  RequireWritable(given.report);
  Console console(given.quiet);
  const Data data = Load(options);
  const ForecastSetup setup = MakeSetup(options, data);
  SayWhatIsTrained(console, data, setup);

  Threads threads(given.threads);
  Forecaster forecaster(setup.design, given.seed);
  ForecastTraining task(forecaster, data.set, data.split, setup.batch, given.seed, threads, PrecisionOf(given));
  task.StartFromReferences();
  const TrainingResult run = RunTraining(task, setup.training, threads, console, {"rows", "pinball loss, scaled"});

  console.Live("Measuring ...");
  const ForecastResult result = EvaluateForecaster(forecaster, data.set, data.split.held_out, threads);
  const Json training = {{"data", data.fingerprint},
                         {"hold_out", HoldOutJson(data.hold_out)},
                         {"options", setup.training.fingerprint},
                         {"steps", run.steps},
                         {"best_step", run.best_step}};
  SaveModel(given.output, MakeForecastModel(forecaster, training, threads));
  if (!given.report.empty()) {
    WriteReport(given.report,
                MakeForecastReport(forecaster, data.set, data.split.held_out, result, run, options.file, threads));
  }
  RemoveCheckpoint(setup.training.checkpoint);
  console.ClearLive();
  TellTraining(kForecastTask, result, run, given);
}

void AddSeriesOptions(CLI::App& verb, Options& o) {
  const char* group = "Series";
  verb.add_option("FILE.csv", o.file, "a table with a header line; one series, or several below each other")->required();
  verb.add_option("--target", o.columns.target, "column to forecast")->type_name("COL")->required()->group(group);
  verb.add_option("--time", o.columns.time, "column of times: dates in most forms, or numbers")
      ->type_name("COL")
      ->default_str("none: rows follow each other")
      ->group(group);
  verb.add_option("--series", o.columns.series, "column that tells the series apart")
      ->type_name("COL")
      ->default_str("none: one series")
      ->group(group);
  verb.add_option("--covariates", o.covariates, "columns that may help, known up to the present only")
      ->type_name("A,B")
      ->group(group);
  verb.add_option("--known", o.known, "columns that are known in the future as well, such as holidays")
      ->type_name("A,B")
      ->group(group);
  verb.add_option("--horizon", o.horizon, "rows to forecast")
      ->type_name("N")
      ->required()
      ->check(WholeNumberIn(1, kMostHorizon))
      ->group(group);
  verb.add_option("--season", o.season, "rows of a season; 1 for none")
      ->type_name("N")
      ->default_str("found in the data")
      ->check(WholeNumberIn(1, kMostWindow))
      ->group(group);
  verb.add_option("--quantiles", o.quantiles, "what to forecast of the distribution")
      ->type_name("A,B")
      ->default_str("0.1,0.5,0.9")
      ->group(group);
  CLI::Option* hold_out = verb.add_option("--holdout", o.hold_out, "rows at the end of each series to judge by; 0 for none")
                              ->type_name("N")
                              ->default_str("the horizon")
                              ->check(WholeNumberIn(0, kMostWindow))
                              ->group(group);
  verb.add_option("--from", o.from, "judge by everything from this time on instead")
      ->type_name("TIME")
      ->excludes(hold_out)
      ->group(group);
  verb.add_option("--unroll", o.window, "rows of the past that the network reads")
      ->type_name("N")
      ->default_str("chosen for the data")
      ->check(WholeNumberIn(1, kMostWindow))
      ->group("Optimization");
}

}  // namespace

void AddTrainForecast(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("forecast", "Learn to forecast series: one model for all of them");
  auto options = std::make_shared<Options>();
  AddSeriesOptions(verb, *options);
  AddTrainOptions(verb, options->train);
  AllowOtherLayers(verb);
  verb.footer(
      R"(The end of each series, as long as the horizon, is held out: it is neither trained on nor used to choose the best
state of the network, which the horizon before it is for. At the end the network is judged on it beside persistence and
seasonal naive. "eddy forecast" starts from the last row all the same. To train on the last rows, too: --holdout 0.
Examples:
  eddy train forecast sales.csv --target sold --time day --horizon 28 -o sales.eddy
  eddy train forecast load.csv --target load --time hour --series house --known holiday --horizon 48 -o load.eddy
  eddy train forecast co2.csv --target co2 --time date --horizon 52 --season 52 -o co2.eddy --report co2.html)");
  verb.callback([options] { RunTrainForecast(*options); });
}

}  // namespace eddy

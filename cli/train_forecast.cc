#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "console.h"
#include "forecast_result.h"
#include "output_files.h"
#include "series_input.h"
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
  SeriesInput input;
  std::optional<size_t> window;
};

Json HoldOutJson(const HoldOut& hold_out) {
  return {{"rows", hold_out.rows}, {"from", hold_out.from ? Json(*hold_out.from) : Json()}};
}

ForecastSetup MakeSetup(const Options& options, const SeriesData& data) {
  ForecastSetup setup = DefaultForecastSetup(data.set, data.split, options.input.horizon, options.input.season.value_or(0));
  const TrainOptions& given = options.train;
  ForecastDesign& design = setup.design;
  if (options.window) design.window = *options.window;
  Override(design.encoder, given, design.window);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batch = *given.batch;
  if (!options.input.quantiles.empty()) design.quantiles = ParseQuantiles(options.input.quantiles);
  setup.training.fingerprint = {{"task", kForecastTask},
                                {"network", ToJson(design)},
                                {"batch", setup.batch},
                                {"seed", given.seed},
                                {"precision", given.precision},
                                {"data", data.fingerprint},
                                {"hold_out", HoldOutJson(data.hold_out)}};
  return setup;
}

void SayWhatIsTrained(Console& console, const SeriesData& data, const ForecastSetup& setup) {
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
  RequireOutputs({given.output, given.report}, {options.input.file});
  Console console(given.quiet);
  const SeriesData data = Load(options.input);
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
                MakeForecastReport(forecaster, data.set, data.split.held_out, result, run, options.input.file, threads));
  }
  RemoveCheckpoint(setup.training.checkpoint);
  console.ClearLive();
  TellTraining(kForecastTask, result, run, given);
}

}  // namespace

void AddTrainForecast(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("forecast", "Learn to forecast series: one model for all of them");
  auto options = std::make_shared<Options>();
  AddSeriesInput(verb, options->input);
  AddTrainOptions(verb, options->train);
  AllowOtherLayers(verb);
  verb.add_option("--unroll", options->window, "rows of the past that the network reads")
      ->type_name("N")
      ->default_str("chosen for the data")
      ->check(WholeNumberIn(1, kMostWindow))
      ->group("Optimization");
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

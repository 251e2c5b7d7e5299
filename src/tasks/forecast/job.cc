#include "tasks/forecast/job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/counted.h"
#include "model/architecture.h"
#include "tasks/forecast/defaults.h"
#include "tasks/forecast/report.h"
#include "tasks/forecast/result.h"
#include "tasks/forecast/training.h"
#include "tasks/reading.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"
#include "train/start.h"

namespace eddy {
namespace {

Json CheckedJson(ForecastOptions options) {
  OptionTable table;
  DeclareSeries(options, table);
  Declare(options, table);
  DeclareTraining(options, table);
  table.Check("forecast");
  RequireQuantiles(options.quantiles);
  return table.ToJson();
}

// As many passes in a step see all that there is to see.
size_t TrainingRows(const ForecastSplit& split) {
  return std::max<size_t>(std::accumulate(split.ends.begin(), split.ends.end(), size_t{0}), 1);
}

// The design of the model that is gone on with, where that fits what is there and was asked for.
ForecastDesign GoOnWith(const ForecastDesign& start, const ForecastDesign& here, const ForecastOptions& options) {
  std::vector<std::string> keys = {"columns", "step", "calendar", "open", "horizon"};
  if (options.season) keys.push_back("season");
  if (!options.quantiles.empty()) keys.push_back("quantiles");
  const Json its = ToJson(start), ours = ToJson(here);
  for (const std::string& key : keys) {
    const Json was = its.value(key, Json()), is = ours.value(key, Json());
    if (was != is) {
      Fail("train", "what a forecaster that starts from " + options.start + " reads and puts out",
           "of its " + key + ", " + was.dump(), is.dump());
    }
  }
  RequireFloat32(start.encoder.precision, options.start);
  ForecastDesign design = start;
  design.nonnegative = here.nonnegative;
  design.intermittent = here.intermittent;
  return design;
}

ForecastSetup MakeSetup(const ForecastOptions& options, const SeriesData& data, ForecastModel* start) {
  const Json given_json = CheckedJson(options);
  ForecastSetup setup = DefaultForecastSetup(data.set, data.split, options.horizon, options.season.value_or(0));
  const TrainOptions& given = options.train;
  ForecastDesign& design = setup.design;
  if (!options.quantiles.empty()) design.quantiles = options.quantiles;
  if (start) design = GoOnWith(start->design(), design, options);
  if (options.below_zero) design.nonnegative = false;
  if (options.window) design.window = *options.window;
  Override(design.encoder, given, design.window);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = std::min(*given.batch, TrainingRows(data.split));
  setup.batching.shards = ShardsWithin(setup.batching.rows, design.window, given);
  setup.provenance = {{"task", kForecastTask},
                      {"network", ToJson(design)},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"options", given_json},
                      {"data", data.fingerprint},
                      {"hold_out", ToJson(data.hold_out)}};
  if (start) setup.provenance["start"] = HashOfWeights(start->network().parameters());
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

class ForecastJob : public Job {
 public:
  ForecastJob(SeriesData data, const ForecastOptions& options, ForecastModel* start, TaskContext& context)
      : alone_(options.alone),
        data_(std::move(data)),
        setup_(MakeSetup(options, data_, start)),
        model_(setup_.design, options.train.seed),
        training_(model_, data_.set, data_.split, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    if (start) {
      StartFrom(model_.network().parameters(), start->network().parameters(), {}, options.start);
    } else {
      training_.StartFromReferences();
    }
    SayWhatIsTrained(context);
    if (start) context.line("Starts from " + options.start);
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "rows"; }
  std::string measure() const override { return "pinball loss, scaled"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    model_.Calibrate(data_.set, data_.split.validation, data_.split.rolling, !alone_, context.threads, context.group);
    result_ = EvaluateForecaster(model_, data_.set, data_.split.held_out, context.threads, context.group);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeForecastModel(model_,
                             {{"data", data_.fingerprint},
                              {"hold_out", ToJson(data_.hold_out)},
                              {"options", setup_.provenance},
                              {"steps", run_.steps},
                              {"best_step", run_.best_step}},
                             threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeForecastReport(model_, data_.set, data_.split.held_out, result_, run_, data_.source, threads);
  }

 private:
  void SayWhatIsTrained(TaskContext& context) const {
    const ForecastDesign& design = setup_.design;
    for (const SeriesNote& note : data_.set.notes) context.line(note.text);
    if (data_.split.untrained > 0) {
      context.line(fmt::format("{} series are too short to learn from before what is held out.", data_.split.untrained));
    }
    size_t rows = 0;
    for (const Series& series : data_.set.series) rows += series.size();
    const std::string step = design.step == "step" ? "" : " of " + WithArticle(design.step);  // rows without times
    context.line(fmt::format("Series: {}, {}{}; {} held out to judge by", data_.set.series.size(), Counted(rows, "row"),
                             step,
                             data_.hold_out.from ? "rows from a date on" : fmt::format("the last {}", data_.hold_out.rows)));
    context.line(
        fmt::format("Season: {}", design.seasons.empty() ? "none" : fmt::format("{}", fmt::join(design.seasons, " and "))));
    context.line(fmt::format("Network: {}; reads {}, puts out {}; batch {}", Describe(design.encoder),
                             Counted(design.window, "row"), design.horizon, setup_.batching.rows));
  }

  const bool alone_;
  const SeriesData data_;
  const ForecastSetup setup_;
  ForecastModel model_;
  ForecastTraining training_;
  TrainingResult run_;
  ForecastResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeForecastJob(SeriesData data, const ForecastOptions& options, TaskContext& context) {
  std::unique_ptr<ForecastModel> start;
  if (!options.start.empty()) {
    start = std::make_unique<ForecastModel>(LoadForecaster(LoadModel(options.start, kForecastTask), context.threads));
  }
  return std::make_unique<ForecastJob>(std::move(data), options, start.get(), context);
}

}  // namespace eddy

// The task "forecast": what follows in a series.
#include "tasks/task.h"

#include "tasks/forecast/actions.h"
#include "tasks/forecast/comparison.h"
#include "tasks/forecast/job.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/report.h"

namespace eddy {
namespace {

constexpr const char* kTable = "a table with a header line; one series, or several below each other";

class TrainForecast : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE.csv", table_, AnyText("FILE.csv"), kTable).Required().OfTheRun();
    DeclareSeries(options_, table);
    eddy::Declare(options_, table);
    DeclareTraining(options_, table);
  }
  std::string notes() const override {
    return R"(The end of each series, as long as the horizon, is held out: it is neither trained on nor used to choose the best
state of the network, which the rows before it are for; they also say how much of the best floor to mix in, and how wide the
band should be. At the end the forecast is judged beside its floors. "eddy forecast" starts from the last row all the same. To
train on the last rows, too: --holdout 0.
Examples:
  eddy train forecast sales.csv --target sold --time day --horizon 28 -o sales.eddy
  eddy train forecast load.csv --target load --time hour --series house --known holiday --horizon 48 -o load.eddy
  eddy train forecast co2.csv --target co2 --time date --horizon 52 --season 52 -o co2.eddy --report co2.html
  eddy train forecast longer.csv --target sold --time day --horizon 28 --start sales.eddy -o newer.eddy --epochs 2)";
  }
  std::vector<std::string> reads() const override { return {table_.name(), options_.start}; }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    return MakeForecastJob(LoadSeries(table_, options_), options_, context);
  }

 private:
  Data table_;
  ForecastOptions options_;
};

class CompareForecast : public CompareAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE.csv", table_, AnyText("FILE.csv"), kTable).Required().OfTheRun();
    DeclareSeries(options_, table);
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(Differences are only told from chance with several forecasts to judge by: many series, or a --holdout of many horizons.
Examples:
  eddy compare forecast sales.csv --target sold --time day --horizon 28 --holdout 280
  eddy compare forecast load.csv --target load --time hour --series house --horizon 48 --report load.html)";
  }
  std::vector<std::string> reads() const override { return {table_.name()}; }
  std::unique_ptr<ComparedTask> Prepare(uint64_t seed, TaskContext&) override {
    RequireQuantiles(options_.quantiles);
    SeriesData data = LoadSeries(table_, options_);
    ForecastSetup setup = DefaultForecastSetup(data.set, data.split, options_.horizon, options_.season.value_or(0));
    if (!options_.quantiles.empty()) setup.design.quantiles = options_.quantiles;
    return std::make_unique<ComparedForecasts>(std::move(data), setup, seed);
  }

 private:
  Data table_;
  ForecastOptions options_;
};

class LoadedForecaster : public LoadedModel {
 public:
  LoadedForecaster(const Model& packed, Threads& threads)
      : model_(LoadForecaster(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return model_.network().parameters(); }
  void SetPrecision(Precision precision) override { model_.network().SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeForecastModel(model_, training_, threads); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    return LookInsideForecast(model_, ReadSeriesOf(model_.design(), file), threads);
  }

 private:
  ForecastModel model_;
  const Json training_;
};

class Forecasting : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"forecast",
                                  "Learn to forecast series: one model for all of them",
                                  "forecast",
                                  "Say what follows the last row of each series",
                                  "series",
                                  R"(  eddy train forecast sales.csv --target sold --time day --horizon 28 -o sales.eddy
  eddy forecast sales.eddy sales.csv           the 28 days after the last
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainForecast>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeForecastUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeForecastEvaluation(); }
  std::unique_ptr<CompareAction> Compare() const override { return std::make_unique<CompareForecast>(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedForecaster>(packed, threads);
  }
};

}  // namespace

const Task& ForecastTask() {
  static const Forecasting task;
  return task;
}

}  // namespace eddy

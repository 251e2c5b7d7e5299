// eddy direction: whether each series goes up or down after its last row.
#include <fmt/format.h>

#include "data/csv.h"
#include "tasks/direction/actions.h"
#include "tasks/direction/backtest.h"
#include "tasks/direction/result.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

class UseDirection : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train direction\" wrote").Required();
    table
        .Add("PRICES.csv", file_, AnyText("PRICES.csv"),
             "prices with the columns of those it was trained on; new stocks may be among them")
        .Required();
    eddy::Declare(output_, table, "OUT.csv", "print one JSON object instead");
  }
  std::string notes() const override {
    return R"(Columns of the CSV: series, time (the first day of the horizon), up (the probability of up against down). How well the days
that the model was not trained on were forecast is said beside it.
Examples:
  eddy direction stocks.eddy stocks.csv
  eddy direction stocks.eddy stocks.csv -o tomorrow.csv)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    TrainedDirection direction = LoadDirection(LoadModel(model_, kDirectionTask), context.threads);
    const DirectionRun run = RunOnPrices(direction, file_, {}, context.threads);
    const DirectionResult result = JudgeDirections(run.prices, run.directions, run.begin, direction.design());
    if (output_.json) {
      OrderedJson json = {{"data", file_}, {"next", OrderedJson::array()}};
      for (const DirectionForecast& each : NextOf(run)) {
        json["next"].push_back({{"series", each.series}, {"time", each.time}, {"up", each.up}});
      }
      if (result.forecasts > 0) AddResult(json["past"], result);
      return context.write_json(std::move(json));
    }
    if (result.forecasts > 0) context.line(DescribeResult(result));
    std::string text = "series,time,up\n";
    for (const DirectionForecast& each : NextOf(run)) {
      text += fmt::format("{},{},{:.6g}\n", CsvCell(each.series), CsvCell(each.time), each.up);
    }
    WriteText(text, output_, context);
  }

 private:
  std::string model_, file_;
  UseOutput output_;
};

}  // namespace

std::unique_ptr<UseAction> MakeDirectionUse() { return std::make_unique<UseDirection>(); }

}  // namespace eddy

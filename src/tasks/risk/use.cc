// eddy risk: what may be lost after the last row of each series, and how well that was said in the past.
#include <fmt/format.h>

#include <cmath>

#include "data/csv.h"
#include "model/atomic_file.h"
#include "tasks/risk/actions.h"
#include "tasks/risk/backtest.h"
#include "tasks/risk/data.h"
#include "tasks/risk/result.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

std::string Csv(const std::vector<RiskForecast>& forecasts, const RiskDesign& design) {
  const bool realised = !design.columns.realised.empty();
  std::string text = "series,time,volatility";
  for (const double level : design.levels) text += fmt::format(",var{:g},es{:g}", level, level);
  text += realised ? ",realised\n" : "\n";
  for (const RiskForecast& each : forecasts) {
    text += fmt::format("{},{},{:.6g}", CsvCell(each.series), CsvCell(each.time), each.volatility);
    for (size_t q = 0; q < each.levels.size(); ++q) {
      text += fmt::format(",{:.6g},{:.6g}", each.value_at_risk[q], each.expected_shortfall[q]);
    }
    text += realised ? fmt::format(",{:.6g}\n", each.realised_variance) : "\n";
  }
  return text;
}

OrderedJson SeriesJson(const std::vector<RiskForecast>& forecasts) {
  OrderedJson json = OrderedJson::array();
  for (const RiskForecast& each : forecasts) {
    OrderedJson series = {{"series", each.series}, {"time", each.time}, {"volatility", each.volatility}};
    for (size_t q = 0; q < each.levels.size(); ++q) {
      series[fmt::format("var{:g}", each.levels[q])] = each.value_at_risk[q];
      series[fmt::format("es{:g}", each.levels[q])] = each.expected_shortfall[q];
    }
    if (!std::isnan(each.realised_variance)) series["realised"] = each.realised_variance;
    json.push_back(std::move(series));
  }
  return json;
}

// A row a day judged: what was forecast the day before, and what came.
std::string PastCsv(const PriceRisk& run, const RiskDesign& design) {
  const size_t Q = design.levels.size();
  std::string text = "series,time,return,volatility";
  for (const double level : design.levels) text += fmt::format(",var{:g},es{:g},breach{:g}", level, level, level);
  text += '\n';
  for (size_t s = 0; s < run.judged.size(); ++s) {
    const JudgedSeries& judged = run.judged[s];
    for (const size_t i : judged.origins) {
      text += fmt::format("{},{},{:.6g},{:.6g}", CsvCell(judged.series->name),
                          CsvCell(run.prices.axis.Format(judged.series->times[i])), judged.risk->targets[i],
                          judged.risk->volatility[i]);
      for (size_t q = 0; q < Q; ++q) {
        const TailRisk& tail = run.paths[s].tails[i * Q + q];
        text += fmt::format(",{:.6g},{:.6g},{:d}", -tail.value, -tail.shortfall, judged.risk->targets[i] <= tail.value);
      }
      text += '\n';
    }
  }
  return text;
}

class UseRisk : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train risk\" wrote").Required();
    table
        .Add("PRICES.csv", file_, AnyText("PRICES.csv"),
             "prices with the columns of those it was trained on; new series may be among them")
        .Required();
    eddy::Declare(output_, table, "OUT.csv", "print one JSON object instead");
    table.Add("past", past_, AnyText("PAST.csv"), "write what was forecast for each day judged, and what came");
    table.Add("from", from_, AnyText("TIME"), "judge the days from this time on")
        .Usually("those that the model was not trained on");
  }
  std::string notes() const override {
    return R"(Columns of the CSV: series, time (the first day of the horizon), volatility (the standard deviation of its return), and for
each level the value at risk and the expected shortfall, in percent, losses positive. How well the days of the past were
forecast is said beside it.
Examples:
  eddy risk prices.eddy prices.csv
  eddy risk prices.eddy prices.csv -o tomorrow.csv --past backtest.csv --from 2024-01-01)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path, past_}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    TrainedRisk risk = LoadRisk(LoadModel(model_, kRiskTask), context.threads);
    const PriceRisk run = RunOnPrices(risk, ReadPricesOf(risk.design(), file_), from_, context.threads);
    const std::vector<RiskForecast> next = NextOf(run, risk.design());
    const RiskResult result = JudgeRisk(run.judged, risk.design());
    if (!past_.empty()) {
      AtomicFile file(past_);
      file.Write(PastCsv(run, risk.design()));
      file.Commit();
    }
    if (output_.json) {
      OrderedJson json = {{"data", file_}, {"next", SeriesJson(next)}};
      if (result.days > 0) AddResult(json["past"], result);
      return context.write_json(std::move(json));
    }
    if (run.seen) context.line("The model was trained on some of the days judged: the figures flatter it.");
    if (result.days > 0) context.line(DescribeResult(result));
    WriteText(Csv(next, risk.design()), output_, context);
  }

 private:
  std::string model_, file_, past_, from_;
  UseOutput output_;
};

}  // namespace

std::unique_ptr<UseAction> MakeRiskUse() { return std::make_unique<UseRisk>(); }

}  // namespace eddy

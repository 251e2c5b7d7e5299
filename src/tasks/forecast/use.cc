// eddy forecast: what follows the last row of each series.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "data/csv.h"
#include "eddy/error.h"
#include "tasks/forecast/actions.h"
#include "tasks/forecast/data.h"
#include "tasks/forecast/model.h"
#include "tasks/forecast/options.h"
#include "tasks/forecast/split.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

// What was forecast, as it is put out: the quantiles asked for of those the model has.
struct Table {
  const SeriesSet& set;
  const ForecastDesign& design;
  std::vector<size_t> quantiles;
  std::vector<std::vector<double>> forecasts;  // of each series

  std::string Time(size_t series, size_t h) const {
    const Series& s = set.series[series];
    return set.axis.Format(set.TimeAfter(s, s.times[s.size() - 1], h + 1));
  }
  double Value(size_t series, size_t h, size_t q) const { return forecasts[series][h * design.quantiles.size() + q]; }
};

std::vector<size_t> ChosenQuantiles(const std::vector<double>& asked, const std::vector<double>& trained) {
  std::vector<size_t> chosen;
  for (double q : asked.empty() ? trained : asked) {
    const auto found = std::find(trained.begin(), trained.end(), q);
    if (found == trained.end()) {
      Fail("forecast", "--quantiles", fmt::format("of those the model was trained for, {}", fmt::join(trained, ",")),
           fmt::format("{}", q));
    }
    chosen.push_back(static_cast<size_t>(found - trained.begin()));
  }
  return chosen;
}

// Nine digits, of large numbers as many as give three behind the point: a small swing at a high level is kept.
std::string InDigits(double value) {
  const double above = std::floor(std::log10(std::max(std::abs(value), 1.0))) + 1;
  return fmt::format("{:.{}g}", value, std::max(9, static_cast<int>(std::min(above + 3, 17.0))));
}

std::string Csv(const Table& table) {
  std::string text = "series,step,time";
  for (size_t q : table.quantiles) text += fmt::format(",q{}", table.design.quantiles[q]);
  text += '\n';
  for (size_t i = 0; i < table.set.series.size(); ++i) {
    for (size_t h = 0; h < table.design.horizon; ++h) {
      text += fmt::format("{},{},{}", CsvCell(table.set.series[i].name), h + 1, CsvCell(table.Time(i, h)));
      for (size_t q : table.quantiles) text += "," + InDigits(table.Value(i, h, q));
      text += '\n';
    }
  }
  return text;
}

OrderedJson SeriesJson(const Table& table) {
  OrderedJson json = OrderedJson::array();
  for (size_t i = 0; i < table.set.series.size(); ++i) {
    OrderedJson series = {{"series", table.set.series[i].name}, {"time", OrderedJson::array()}};
    for (size_t h = 0; h < table.design.horizon; ++h) {
      series["time"].push_back(table.Time(i, h));
      for (size_t q : table.quantiles) series[fmt::format("q{}", table.design.quantiles[q])].push_back(table.Value(i, h, q));
    }
    json.push_back(std::move(series));
  }
  return json;
}

class UseForecast : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train forecast\" wrote").Required();
    table
        .Add("FILE.csv", file_, AnyText("FILE.csv"),
             "series with the columns of those it was trained on; new series may be among them")
        .Required();
    eddy::Declare(output_, table, "OUT.csv", "print one JSON object instead");
    table.Add("quantiles", quantiles_, Number(0, 1), "some of those the model was trained for").Usually("all");
  }
  std::string notes() const override {
    return R"(Columns of the CSV: series, step (1, 2 ... after the last row), time (in the file's own format), and a quantile each.
Rows at the end without a target, but with covariates that are known in the future, are that future.
Examples:
  eddy forecast sales.eddy sales.csv
  eddy forecast sales.eddy sales.csv -o next.csv)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    RequireQuantiles(quantiles_);
    ForecastModel model = LoadForecaster(LoadModel(model_, kForecastTask), context.threads);
    const ForecastDesign& design = model.design();
    const std::vector<size_t> quantiles = ChosenQuantiles(quantiles_, design.quantiles);
    const SeriesSet set = ReadSeriesOf(design, file_);
    const Table table{set, design, quantiles, model.Forecast(set, FutureWindows(set, design.horizon), context.threads)};
    if (!output_.json) return WriteText(Csv(table), output_, context);
    context.write_json({{"data", file_}, {"series", SeriesJson(table)}});
  }

 private:
  std::string model_, file_;
  UseOutput output_;
  std::vector<double> quantiles_;  // empty for all
};

}  // namespace

std::unique_ptr<UseAction> MakeForecastUse() { return std::make_unique<UseForecast>(); }

}  // namespace eddy

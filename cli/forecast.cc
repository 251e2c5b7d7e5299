#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "data/csv.h"
#include "eddy/error.h"
#include "forecast_result.h"
#include "model/atomic_file.h"
#include "output.h"
#include "output_files.h"
#include "tasks/forecaster.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  std::string model, file, output;
  std::string quantiles;  // a list; empty for all
  bool json = false;
  int threads = 1;
};

// What was forecast, as it is put out: the quantiles asked for of those the model has.
struct Table {
  const SeriesSet& set;
  const ForecastDesign& design;
  std::vector<size_t> quantiles;
  std::vector<std::vector<double>> forecasts;  // of each series

  std::string Time(size_t series, size_t h) const {
    const Series& s = set.series[series];
    return set.axis.Format(set.axis.Advance(s.times[s.size() - 1], h + 1));
  }
  double Value(size_t series, size_t h, size_t q) const { return forecasts[series][h * design.quantiles.size() + q]; }
};

std::vector<size_t> ChosenQuantiles(const std::string& asked, const std::vector<double>& trained) {
  std::vector<size_t> chosen;
  for (double q : asked.empty() ? trained : ParseQuantiles(asked)) {
    const auto found = std::find(trained.begin(), trained.end(), q);
    if (found == trained.end()) {
      Fail("forecast", "--quantiles", fmt::format("of those the model was trained for, {}", fmt::join(trained, ",")),
           fmt::format("{}", q));
    }
    chosen.push_back(static_cast<size_t>(found - trained.begin()));
  }
  return chosen;
}

// The horizon after the last row of each series. What is declared known in the future must be known.
std::vector<Window> FutureWindows(const SeriesSet& set, size_t horizon) {
  std::vector<Window> windows;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const Series& series = set.series[i];
    if (!set.columns.known.empty() && series.future() < horizon) {
      Fail("forecast", fmt::format("series {}", Quoted(series.name)),
           fmt::format("followed by {} rows with {}, known in the future", horizon, fmt::join(set.columns.known, ", ")),
           fmt::format("followed by {}", series.future()));
    }
    windows.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(series.size())});
  }
  return windows;
}

std::string Csv(const Table& table) {
  std::string text = "series,step,time";
  for (size_t q : table.quantiles) text += fmt::format(",q{}", table.design.quantiles[q]);
  text += '\n';
  for (size_t i = 0; i < table.set.series.size(); ++i) {
    for (size_t h = 0; h < table.design.horizon; ++h) {
      text += fmt::format("{},{},{}", CsvCell(table.set.series[i].name), h + 1, CsvCell(table.Time(i, h)));
      for (size_t q : table.quantiles) text += fmt::format(",{:.9g}", table.Value(i, h, q));
      text += '\n';
    }
  }
  return text;
}

OrderedJson ToJson(const Table& table, const Options& options) {
  OrderedJson json = JsonResult("forecast", kForecastTask, options.model);
  json["data"] = options.file;
  json["series"] = OrderedJson::array();
  for (size_t i = 0; i < table.set.series.size(); ++i) {
    OrderedJson series = {{"series", table.set.series[i].name}, {"time", OrderedJson::array()}};
    for (size_t h = 0; h < table.design.horizon; ++h) {
      series["time"].push_back(table.Time(i, h));
      for (size_t q : table.quantiles) series[fmt::format("q{}", table.design.quantiles[q])].push_back(table.Value(i, h, q));
    }
    json["series"].push_back(std::move(series));
  }
  return json;
}

void RunForecast(const Options& options) {
  RequireOutputs({options.output}, {options.model, options.file});
  Threads threads(options.threads);
  Forecaster forecaster = LoadForecaster(LoadModel(options.model, kForecastTask), threads);
  const ForecastDesign& design = forecaster.design();
  const std::vector<size_t> quantiles = ChosenQuantiles(options.quantiles, design.quantiles);
  const SeriesSet set = ReadSeries(ReadCsv(options.file), design.columns);
  const Table table{set, design, quantiles, forecaster.Forecast(set, FutureWindows(set, design.horizon), threads)};
  if (options.json) {
    PrintJson(ToJson(table, options));
  } else if (options.output.empty()) {
    Print(Csv(table));
  } else {
    AtomicFile file(options.output);
    file.Write(Csv(table));
    file.Commit();
  }
}

}  // namespace

void AddForecast(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("forecast", "Say what follows the last row of each series");
  auto options = std::make_shared<Options>();
  verb.add_option("MODEL", options->model, "a model that \"eddy train forecast\" wrote")->required();
  verb.add_option("FILE.csv", options->file,
                  "series with the columns of those it was trained on; new series may be among them")
      ->required();
  CLI::Option* output = verb.add_option("-o,--output", options->output, "where to write the CSV")
                            ->type_name("OUT.csv")
                            ->default_str("standard output")
                            ->group("Run");
  verb.add_option("--quantiles", options->quantiles, "some of those the model was trained for")
      ->type_name("A,B")
      ->default_str("all")
      ->group("Run");
  verb.add_flag("--json", options->json, "print one JSON object instead")->excludes(output)->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(
      R"(Columns of the CSV: series, step (1, 2 ... after the last row), time (in the file's own format), and a quantile each.
Rows at the end without a target, but with covariates that are known in the future, are that future.
Examples:
  eddy forecast sales.eddy sales.csv
  eddy forecast sales.eddy sales.csv -o next.csv)");
  verb.callback([options] { RunForecast(*options); });
}

}  // namespace eddy

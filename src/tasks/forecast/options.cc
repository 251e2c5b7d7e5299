#include "tasks/forecast/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/forecast/design.h"
#include "tasks/train_options.h"

namespace eddy {
namespace {

DateOrder DateOrderNamed(const std::string& name) {
  return name == "day-first" ? DateOrder::kDayFirst : DateOrder::kMonthFirst;
}

std::string NameOf(DateOrder order) {
  if (order == DateOrder::kAsShown) return "";
  return order == DateOrder::kDayFirst ? "day-first" : "month-first";
}

}  // namespace

void DeclareSeries(ForecastOptions& o, OptionTable& table) {
  table.Group("Series");
  table.Add("target", o.target, AnyText("COL"), "column to forecast");
  table.Add("each", o.each, AnyText(), "instead, of a wide table: columns that are a series each").Excludes("target");
  table.Flag("wide", o.wide, "instead: every column of numbers but the time is a series")
      .Excludes("target")
      .Excludes("each");
  table.Add("time", o.time, AnyText("COL"), "column of times: dates in most forms, or numbers")
      .Usually("none: rows follow each other");
  table
      .Add(
          "dates", [&o](const std::string& text) { o.dates = DateOrderNamed(text); }, [&o] { return NameOf(o.dates); },
          OneOf({"day-first", "month-first"}), "whether 3/4/2024 is in April or in March, where no row tells")
      .Usually("as the rows show")
      .Needs("time");
  table.Add("series", o.series, AnyText("COL"), "column that tells the series apart").Usually("none: one series");
  table.Add("covariates", o.covariates, AnyText(), "columns that may help, known up to the present only");
  table.Add("known", o.known, AnyText(), "columns that are known in the future as well, such as holidays");
}

void Declare(ForecastOptions& o, OptionTable& table) {
  table.Group("Series");
  table.Add("horizon", o.horizon, WholeNumber(1, kMostHorizon), "rows to forecast").Required();
  table.Add("season", o.season, WholeNumber(1, kMostWindow), "rows of a season; 1 for none").Usually("found in the data");
  table.Add("quantiles", o.quantiles, Number(0, 1), "what to forecast of the distribution").Usually("0.1,0.5,0.9");
  table.Add("holdout", o.hold_out, WholeNumber(0, kMostWindow), "rows at the end of each series to judge by; 0 for none")
      .Usually("the horizon");
  table.Add("from", o.from, AnyText("TIME"), "judge by everything from this time on instead").Excludes("holdout");
}

void DeclareTraining(ForecastOptions& o, OptionTable& table) {
  Declare(o.train, table, Layers::kAny);
  table.Flag("below-zero", o.below_zero, "let forecasts be below 0 where no value of the past is");
  table.Group("Network");
  AddStart(table, o.start, "go on with the network of a finished model of the same columns, step and horizon");
  table.Flag("alone", o.alone, "mix in no floors, such as seasonal naive, by how well they did");
  table.Group("Optimization");
  table.Add("unroll", o.window, WholeNumber(1, kMostWindow), "rows of the past that the network reads").Usually(kFromData);
}

void RequireQuantiles(const std::vector<double>& quantiles) {
  double last = 0;
  for (const double q : quantiles) {
    if (!(q > last && q < 1)) {
      throw UsageError(
          fmt::format("--quantiles must rise between 0 and 1, such as 0.1,0.5,0.9, but is {}", fmt::join(quantiles, ",")));
    }
    last = q;
  }
}

}  // namespace eddy

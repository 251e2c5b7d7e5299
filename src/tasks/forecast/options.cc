#include "tasks/forecast/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/forecast/design.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(SeriesInput& o, OptionTable& table) {
  table.Add("FILE.csv", o.file, AnyText("FILE.csv"), "a table with a header line; one series, or several below each other")
      .Required()
      .OfTheRun();
  table.Group("Series");
  table.Add("target", o.columns.target, AnyText("COL"), "column to forecast").Required();
  table.Add("time", o.columns.time, AnyText("COL"), "column of times: dates in most forms, or numbers")
      .Usually("none: rows follow each other");
  table.Add("series", o.columns.series, AnyText("COL"), "column that tells the series apart").Usually("none: one series");
  table.Add("covariates", o.columns.covariates, AnyText(), "columns that may help, known up to the present only");
  table.Add("known", o.columns.known, AnyText(), "columns that are known in the future as well, such as holidays");
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

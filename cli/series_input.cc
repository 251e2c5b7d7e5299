#include "series_input.h"

#include <algorithm>

#include "data/read_file.h"
#include "eddy/error.h"
#include "tasks/forecast_design.h"
#include "train/checkpoint.h"
#include "usage.h"

namespace eddy {

void AddSeriesInput(CLI::App& verb, SeriesInput& o) {
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
}

SeriesData Load(const SeriesInput& input) {
  SeriesColumns columns = input.columns;
  columns.covariates = SplitList(input.covariates);
  columns.known = SplitList(input.known);
  for (const std::string& name : columns.known) {
    const bool listed = std::find(columns.covariates.begin(), columns.covariates.end(), name) != columns.covariates.end();
    if (!listed) columns.covariates.push_back(name);
  }
  const std::string text = ReadFile(input.file);
  SeriesData data;
  data.set = ReadSeries(ParseCsv(text, input.file), columns);
  data.hold_out.rows = input.hold_out.value_or(input.horizon);
  if (!input.from.empty()) {
    data.hold_out.from = data.set.axis.Parse(input.from);
    if (!data.hold_out.from) Fail("forecast", "--from", "a time like those of the time column", Quoted(input.from));
  }
  data.split = SplitSeries(data.set, data.hold_out, input.horizon);
  data.fingerprint = {{"bytes", text.size()}, {"hash", HashBytes(text)}};
  return data;
}

}  // namespace eddy

#include "tasks/risk/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/risk/design.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(RiskOptions& o, OptionTable& table) {
  table.Group("Prices");
  table.Add("price", o.price, AnyText("COL"), "column of prices, each above 0").Required();
  table.Add("time", o.time, AnyText("COL"), "column of times: dates in most forms, or numbers")
      .Usually("none: rows follow each other");
  table.Add("series", o.series, AnyText("COL"), "column that tells the series apart").Usually("none: one series");
  table.Add("high", o.high, AnyText("COL"), "column of the highest price of the day").Needs("low");
  table.Add("low", o.low, AnyText("COL"), "column of the lowest price of the day").Needs("high");
  table.Add("realised", o.realised, AnyText(), "columns of realised variances; the first is forecast as well");
  table.Add("covariates", o.covariates, AnyText(), "other columns that may help, known at the end of their day");
  table.Group("Risk");
  table.Add("levels", o.levels, Number(0, 0.5), "probabilities of a loss beyond the value at risk")
      .Usually("0.01,0.025,0.05");
  table.Add("horizon", o.horizon, WholeNumber(1, kMostRiskHorizon), "days whose sum of returns is judged");
  table.Add("holdout", o.hold_out, WholeNumber(0, 1'000'000), "rows at the end of each series to judge by; 0 for none")
      .Usually("a fifth of them");
  table.Add("from", o.from, AnyText("TIME"), "judge by everything from this time on instead").Excludes("holdout");
  table.Add("embargo", o.embargo, WholeNumber(0, 1'000'000), "days left out between what is trained on and what judges")
      .Usually("the horizon");
  table.Group("Network");
  table.Add(
      "density",
      [&o](const std::string& t) { o.density = t == "mixture" ? ReturnDensity::kMixture : ReturnDensity::kStudentT; },
      [&o] { return std::string(o.density == ReturnDensity::kMixture ? "mixture" : "student"); },
      OneOf({"student", "mixture"}), "of the likelihood: Student's t, or a mixture of two normal ones");
  table.Add("members", o.members, WholeNumber(1, kMostMembers), "networks whose mean is taken");
  Declare(o.train, table, Layers::kRecurrent);
}

PriceColumns ColumnsOf(const RiskOptions& o) { return {o.price, o.time, o.series, o.high, o.low, o.realised, o.covariates}; }

void RequireMeaning(const RiskOptions& options) {
  double last = 0;
  for (const double level : options.levels) {
    if (!(level > last && level < 0.5)) {
      throw UsageError(
          fmt::format("--levels must rise between 0 and 0.5, such as 0.01,0.05, but is {}", fmt::join(options.levels, ",")));
    }
    last = level;
  }
  if (options.high.empty() != options.low.empty()) throw UsageError("--high and --low go together");
}

}  // namespace eddy

#include "tasks/direction/options.h"

#include "tasks/direction/design.h"
#include "tasks/train_options.h"

namespace eddy {

void Declare(DirectionOptions& o, OptionTable& table) {
  table.Group("Prices");
  table.Add("price", o.price, AnyText("COL"), "column of prices, each above 0").Required();
  table.Add("time", o.time, AnyText("COL"), "column of times: dates in most forms, or numbers")
      .Usually("none: rows follow each other");
  table.Add("series", o.series, AnyText("COL"), "column that tells the stocks apart").Usually("none: one of them");
  table.Add("covariates", o.covariates, AnyText(), "other columns that may help, known at the end of their day");
  table.Group("Direction");
  table.Add("horizon", o.horizon, WholeNumber(1, kMostDirectionHorizon), "days whose return is forecast");
  table.Add("rise", o.rise, Number(0, 100), "least return in percent that is up");
  table.Add("fall", o.fall, Number(0, 100), "least loss in percent that is down; between the two, a day is left out");
  table.Add("holdout", o.hold_out, WholeNumber(0, 1'000'000), "days at the end to judge by; 0 for none")
      .Usually("a fifth of them");
  table.Add("from", o.from, AnyText("TIME"), "judge by everything from this time on instead").Excludes("holdout");
  table.Add("embargo", o.embargo, WholeNumber(0, 1'000'000), "days left out between what is trained on and what judges")
      .Usually("the horizon");
  table.Add("refits", o.refits, WholeNumber(1, kMostRefits),
            "parts of what judges, each forecast by networks that know all before it");
  table.Add("costs", o.costs, Number(0, 100), "percent of what is bought or sold");
  table.Add("tried", o.tried, WholeNumber(0, 1'000'000'000),
            "other settings tried on these days before: they deflate the Sharpe ratio");
  table.Group("Network");
  table.Add("members", o.members, WholeNumber(1, kMostDirectionMembers), "networks of each refit whose mean is taken");
  Declare(o.train, table, Layers::kRecurrent);
}

PriceColumns ColumnsOf(const DirectionOptions& o) { return {o.price, o.time, o.series, {}, {}, {}, o.covariates}; }

}  // namespace eddy

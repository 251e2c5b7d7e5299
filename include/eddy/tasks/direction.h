// Direction: whether prices go up or down. A recurrent network over the past of many stocks says how likely each is to rise;
// it is judged walk-forward, beside the majority class, a logistic regression, and holding everything, after costs.
//
//     eddy::DirectionOptions options{.price = "close", .time = "day", .series = "stock"};
//     const auto trained = eddy::Train(options, "stocks.csv");
//     for (const auto& each : trained.model.Predict("stocks.csv")) std::printf("%s %g\n", each.series.c_str(), each.up);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

struct DirectionOptions {
  // The table.
  std::string price = {};                    // column of prices, each above 0
  std::string time = {};                     // column of times; rows follow each other otherwise
  std::string series = {};                   // column that tells the stocks apart; one otherwise
  std::vector<std::string> covariates = {};  // other columns that may help, known at the end of their day

  // The forecast: whether the return of the days that follow is up or down. What is neither, from -fall to rise in percent
  // but for the ends, is neither learned from nor judged.
  size_t horizon = 1;  // days, 1 to 250
  double rise = 0, fall = 0;

  // Walk-forward: the judged days, in `refits` parts of one length, are each forecast by networks that learned from what
  // lies before that part. Between what is learned from and the part lies an embargo.
  std::optional<size_t> hold_out = {};  // days at the end to judge by; a fifth of them otherwise
  std::string from = {};                // instead: judge by everything from this time on
  std::optional<size_t> embargo = {};   // days; the horizon otherwise
  size_t refits = 1;                    // 1 to 64
  size_t members = 4;                   // networks of each refit whose mean is taken, 1 to 64

  double costs = 0.05;  // percent of what is bought or sold
  size_t tried = 0;     // other settings that were tried on these days before: they deflate the Sharpe ratio
  TrainOptions train = {};
};

struct DirectionForecast {
  std::string series;  // its name; empty in a table of one
  std::string time;    // the first day of the horizon, as the table writes times
  double up = 0.5;     // probability, of up against down
};

class DirectionModel : public TrainedModel {
 public:
  static DirectionModel Load(const std::string& path);  // throws Error, also for a model of another task
  explicit DirectionModel(const TrainedModel& model);   // the same, of a model that was loaded

  // What follows the last row of each series of a table with the columns of the one it was trained on. Throws Error.
  std::vector<DirectionForecast> Predict(const Data& table, int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, also for a column that knows the future, and Stopped where `hooks` ended the run.
Trained<DirectionModel> Train(const DirectionOptions& options, const Data& table, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END

// Forecasters: what follows in series, one model for all of them.
//
//     eddy::ForecastOptions options{.target = "sold", .time = "day", .horizon = 28};
//     const auto trained = eddy::Train(options, "sales.csv");
//     for (const eddy::Forecast& each : trained.model.Predict("sales.csv")) std::printf("%g\n", each.Median()[0]);
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

enum class DateOrder { kAsShown, kDayFirst, kMonthFirst };  // of dates such as 3/4/2024, where no row tells

struct ForecastOptions {
  // The table.
  std::string target = {};             // column to forecast; or, of a wide table,
  std::vector<std::string> each = {};  // columns that are a series each, or
  bool wide = false;                   // every column of numbers but the time
  std::string time = {};               // column of times; rows follow each other otherwise
  DateOrder dates = DateOrder::kAsShown;
  std::string series = {};                   // column that tells the series apart; one series otherwise
  std::vector<std::string> covariates = {};  // columns that may help, known up to the present only
  std::vector<std::string> known = {};       // columns that are known in the future as well

  // The forecast.
  size_t horizon = 0;                   // rows, 1 to 100,000
  std::optional<size_t> season = {};    // rows of a season; 1 for none; found in the data otherwise
  std::vector<double> quantiles = {};   // rising within (0, 1); 0.1, 0.5 and 0.9 where there are none
  std::optional<size_t> hold_out = {};  // rows at the end of each series to judge by; the horizon otherwise
  std::string from = {};                // instead: judge by everything from this time on
  std::optional<size_t> window = {};    // rows of the past that the network reads
  bool alone = false;                   // whether no floor may have a share in the forecasts
  bool below_zero = false;              // whether forecasts may be below 0 where no value of the past is
  // A finished model whose network is gone on with, its path: it must be of the same columns, step and horizon. Empty for a
  // network from the beginning.
  std::string start = {};
  TrainOptions train = {};
};

// What follows the last row of a series.
struct Forecast {
  std::string series;              // its name; empty in a table of one
  std::vector<std::string> times;  // [H], as the table writes them
  std::vector<double> quantiles;   // [Q], those that the model was trained for
  std::vector<double> values;      // [H, Q]

  std::vector<double> Median() const;  // [H]: of the quantile nearest to 1/2
};

class Forecaster : public TrainedModel {
 public:
  static Forecaster Load(const std::string& path);  // throws Error, also for a model of another task
  explicit Forecaster(const TrainedModel& model);   // the same, of a model that was loaded

  size_t horizon() const;
  // The horizon after the last row of each series of a table with the columns of those it was trained on; new series may be
  // among them. Throws Error.
  std::vector<Forecast> Predict(const Data& table, int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<Forecaster> Train(const ForecastOptions& options, const Data& table, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END

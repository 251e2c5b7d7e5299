// Risk: what may be lost. A recurrent network over the past of prices says, for what follows, the value at risk and the
// expected shortfall at some levels, and the volatility: one model for all series.
//
//     eddy::RiskOptions options{.price = "Close", .time = "Date"};
//     const auto trained = eddy::Train(options, "prices.csv");
//     for (const eddy::RiskForecast& each : trained.model.Predict("prices.csv")) std::printf("%g\n", each.value_at_risk[0]);
//
// Returns are 100 times differences of logarithms of prices: about percent. Losses are positive in what is put out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

enum class ReturnDensity { kStudentT, kMixture };  // of the likelihood: Student's t, or two normal ones of one mean

struct RiskOptions {
  // The table.
  std::string price = {};                    // column of prices, each above 0
  std::string time = {};                     // column of times; rows follow each other otherwise
  std::string series = {};                   // column that tells the series apart; one series otherwise
  std::string high = {}, low = {};           // columns of the highest and lowest price since the row before
  std::vector<std::string> realised = {};    // columns of realised variances; the first is forecast as well
  std::vector<std::string> covariates = {};  // other columns that may help, known at the end of their day

  // The forecast.
  std::vector<double> levels = {};      // rising within (0, 0.5); 0.01, 0.025 and 0.05 where there are none
  size_t horizon = 1;                   // days whose sum of returns is judged, 1 to 250
  std::optional<size_t> hold_out = {};  // rows at the end of each series to judge by; a fifth of them otherwise
  std::string from = {};                // instead: judge by everything from this time on
  std::optional<size_t> embargo = {};   // days left out between what is trained on and what judges; the horizon otherwise

  ReturnDensity density = ReturnDensity::kStudentT;
  size_t members = 4;  // networks whose mean is taken, 1 to 64
  TrainOptions train = {};
};

// Of the sum of the returns of the horizon that follows the last row of a series.
struct RiskForecast {
  std::string series;                      // its name; empty in a table of one
  std::string time;                        // the first day of it, as the table writes times
  double volatility = 0;                   // standard deviation
  std::vector<double> levels;              // [Q], those that the model was trained for
  std::vector<double> value_at_risk;       // [Q]: exceeded with the probability of its level
  std::vector<double> expected_shortfall;  // [Q]: the mean loss beyond it
  double realised_variance = 0;            // a day, of the first realised column; NaN without any
};

class RiskModel : public TrainedModel {
 public:
  static RiskModel Load(const std::string& path);  // throws Error, also for a model of another task
  explicit RiskModel(const TrainedModel& model);   // the same, of a model that was loaded

  // For each series of a table with the columns of the one it was trained on; new series may be among them, if they have a
  // history of at least 120 returns. Throws Error.
  std::vector<RiskForecast> Predict(const Data& table, int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, also for a column that knows the future, and Stopped where `hooks` ended the run.
Trained<RiskModel> Train(const RiskOptions& options, const Data& table, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END

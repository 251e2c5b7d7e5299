// Reserve: what insurers still have to pay for claims that have happened. A recurrent network over the payments of an origin
// (the year in which claims happened) as they develop says what will be paid until the last development that the table
// shows: ultimate losses and reserves, with their spread. One model for all companies and lines of business.
//
//     eddy::ReserveOptions options{.company = "group", .origin = "year", .development = "lag", .paid = "paid",
//                                  .premium = "premium"};
//     const auto trained = eddy::Train(options, "triangles.csv");
//     for (const auto& each : trained.model.Predict("triangles.csv")) std::printf("%g\n", each.reserve);
//
// What is known after the valuation is never learned from: rows of such a time judge the model, where there are any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eddy/tasks/train.h"
#include "eddy/tasks/train_options.h"

EDDY_API_BEGIN
namespace eddy {

struct ReserveOptions {
  // The table: a row for each company, origin and development.
  std::string company = {};      // column that tells the companies apart
  std::string origin = {};       // column of whole numbers, such as years
  std::string development = {};  // column of whole numbers from 1, in the same periods as the origins
  std::string paid = {};         // column of cumulative payments
  std::string premium = {};      // column of premiums earned, above 0: of the origin
  std::string incurred = {};     // column of cumulative payments and what is set aside for the claims known
  std::string line = {};         // column that tells lines of business apart; one line otherwise
  // The last origin in whose first development anything is known: an origin's development d is known where origin + d - 1 is
  // not after it. The last origin of the table where there is none.
  std::optional<int64_t> valuation = {};

  size_t members = 8;  // networks whose mean is taken, 1 to 64
  TrainOptions train = {};
};

inline constexpr double kReserveQuantiles[] = {0.75, 0.95, 0.995};

struct ReserveForecast {
  std::string line, company;      // line is empty in a table without any
  double paid = 0;                // until the valuation, of all origins
  double ultimate = 0;            // that will have been paid at the last development, of all origins: the mean
  double reserve = 0;             // ultimate - paid
  double deviation = 0;           // standard deviation of both
  std::vector<double> quantiles;  // of the reserve, at kReserveQuantiles
  double chain_ladder = 0;        // ultimate by the chain ladder (Mack 1993), and its standard error
  double chain_ladder_error = 0;
};

class ReserveModel : public TrainedModel {
 public:
  static ReserveModel Load(const std::string& path);  // throws Error, also for a model of another task
  explicit ReserveModel(const TrainedModel& model);   // the same, of a model that was loaded

  // For each company and line of a table with the columns of the one it was trained on, by what was known at `valuation`;
  // new companies and lines may be among them. Throws Error.
  std::vector<ReserveForecast> Predict(const Data& table, std::optional<int64_t> valuation = {}, int threads = 1) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Throws Error, and Stopped where `hooks` ended the run.
Trained<ReserveModel> Train(const ReserveOptions& options, const Data& table, const TrainHooks& hooks = {});

}  // namespace eddy
EDDY_API_END

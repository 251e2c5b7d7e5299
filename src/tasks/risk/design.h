// RiskDesign: what a model of risk is apart from its weights. It is stored in the model and read back from it.
//
// "Origin i" of a series of T returns is the moment before return i, from 0 to T: what is forecast there knows returns 0 to
// i - 1 and what stands beside them, and is judged by returns i to i + horizon - 1. Shapes: Q levels, M measures of
// variance, D features.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "eddy/encoder.h"
#include "eddy/tasks/risk.h"
#include "floors/garch.h"
#include "floors/log_har.h"
#include "floors/tail_risk.h"
#include "model/json.h"
#include "prices/prices.h"

namespace eddy {

// What the floors of one series learned from its training part.
struct SeriesFit {
  std::string name;
  double mean = 0;                 // of the returns
  Garch average, plain, leverage;  // exponentially weighted, GARCH(1,1), GJR-GARCH
  // [Q] each: tails of the horizon's returns over their standard deviation by plain, by leverage.
  std::vector<TailRisk> plain_tails, leverage_tails;
  std::vector<LogHar> har;                       // [M]
  std::vector<std::vector<TailRisk>> har_tails;  // [M][Q]: by the heterogeneous autoregression's standard deviation

  auto fields() { return std::tie(name, mean, average, plain, leverage, plain_tails, leverage_tails, har, har_tails); }
};

// How the network's tails are put together with those of a floor: logarithms are weighted.
struct Combination {
  double weight = 1;      // of the network, in [0, 1]
  bool filtered = false;  // whether its tails are historical ones of its standardised returns, not its heads'
  std::string floor;      // name of the floor, where the weight is below 1
};

struct RiskDesign {
  PriceColumns columns;
  std::vector<double> levels;  // rising, in (0, 0.5)
  size_t horizon = 1;
  ReturnDensity density = ReturnDensity::kStudentT;
  size_t members = 1;
  EncoderOptions encoder;  // its input is inputs()
  double dropout = 0;
  std::vector<double> feature_mean, feature_deviation;  // [D], over the training parts
  std::vector<SeriesFit> fits;                          // of the series that it was trained on
  Combination combination;
  double until = 0;  // the time from which on nothing was trained on

  size_t inputs() const;  // D
  size_t density_parameters() const { return density == ReturnDensity::kStudentT ? 2 : 3; }
  size_t outputs() const {  // of a head: the density's, two a level, and two of the realised variance
    return density_parameters() + 2 * levels.size() + (columns.realised.empty() ? 0 : 2);
  }
  size_t target_measure() const { return columns.ranges(); }  // the first realised column among the measures
};

inline constexpr size_t kMostRiskHorizon = 250;
inline constexpr size_t kMostMembers = 64;
inline constexpr size_t kLeastReturns = 120;  // of a series to learn from

void RequireValid(const RiskDesign& design);  // throws Error for what is out of range

Json ToJson(const RiskDesign& design);
RiskDesign RiskDesignFromJson(const Json& json);  // throws Error

}  // namespace eddy

// TrainedRisk: a network of risk with what is around it: prices in, tails and volatility at every origin out; to and from a
// model file.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "model/model_file.h"
#include "tasks/risk/floors.h"
#include "tasks/risk/network.h"

namespace eddy {

inline constexpr const char* kRiskTask = "risk";

// What is known and forecast of one series. Origins as in design.h; Q levels.
struct SeriesRisk {
  std::vector<double> targets;     // [T + 1]: the horizon's returns, NaN where not known
  std::vector<double> volatility;  // [T + 1]: the network's standard deviations of them
  std::vector<RiskPath> own;       // the network's: by its heads, recalibrated, and filtered historical
  std::vector<RiskPath> floors;
  // Of the first realised column, [T + 1], empty without any: logarithms of its mean over the horizon, NaN where not known.
  std::vector<double> realised, realised_forecast, realised_last, realised_har;
  double realised_spread = 0;  // variance of what the autoregression leaves

  // The network's tails as the design's combination has them.
  RiskPath Combined(const Combination& combination) const;

  auto fields() {
    return std::tie(targets, volatility, own, floors, realised, realised_forecast, realised_last, realised_har,
                    realised_spread);
  }
};

class TrainedRisk {
 public:
  TrainedRisk(const RiskDesign& design, uint64_t seed) : network_(design, seed) {}

  SeriesRisk Run(const ReturnSeries& series, const SeriesFit& fit, Threads& threads);

  RiskNetwork& network() { return network_; }
  const RiskDesign& design() const { return network_.design(); }

 private:
  RiskNetwork network_;
};

// `training` is provenance, kept for people.
Model MakeRiskModel(TrainedRisk& risk, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TrainedRisk LoadRisk(const Model& model, Threads& threads);

}  // namespace eddy

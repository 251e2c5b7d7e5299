// TrainedDirection: networks of direction with what is around them: prices in, probabilities of up at every origin out; to
// and from a model file.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "model/model_file.h"
#include "tasks/direction/network.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kDirectionTask = "direction";

// Probabilities of up at every origin of a series, [T + 1], by the refit that forecasts there.
struct SeriesDirection {
  std::vector<double> network;
  std::vector<std::vector<double>> members;  // of each: before the mean is taken
  std::vector<double> logistic, majority;

  auto fields() { return std::tie(network, members, logistic, majority); }
};

class TrainedDirection {
 public:
  TrainedDirection(const DirectionDesign& design, uint64_t seed) : network_(design, seed) {}

  // The processes of a group share the series out.
  std::vector<SeriesDirection> Run(const PriceSet& prices, Threads& threads, ProcessGroup& group = Alone());

  DirectionNetwork& network() { return network_; }
  const DirectionDesign& design() const { return network_.design(); }

 private:
  DirectionNetwork network_;
};

// `training` is provenance, kept for people.
Model MakeDirectionModel(TrainedDirection& direction, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TrainedDirection LoadDirection(const Model& model, Threads& threads);

}  // namespace eddy

// ForecastModel: a trained forecast network with what is around it: series in, forecasts in their own units out; to and from
// a model file.
#pragma once

#include <span>
#include <vector>

#include "data/windows.h"
#include "model/model_file.h"
#include "tasks/forecast/mix.h"
#include "tasks/forecast/network.h"

namespace eddy {

inline constexpr const char* kForecastTask = "forecast";

class ForecastModel {
 public:
  ForecastModel(const ForecastDesign& design, uint64_t seed) : network_(design, seed) {}

  // For each window: [horizon, Q], from the rows before its origin alone (and covariates known in the future). The processes
  // of a group share the windows out. Throws Error when the set does not fit the design.
  std::vector<std::vector<double>> Forecast(const SeriesSet& set, std::span<const Window> windows, Threads& threads,
                                            ProcessGroup& group = Alone());

  // Throws Error for series of another time step than those it was trained on.
  void RequireFits(const SeriesSet& set) const;

  // As Forecast(), of the network alone: without its mix, and whatever the sign.
  std::vector<std::vector<double>> NetworkForecast(const SeriesSet& set, std::span<const Window> windows, Threads& threads,
                                                   ProcessGroup& group = Alone());

  // Fits the mix (FitMix) to forecasts of rows that the network was not trained on, and to the floors' of rolling origins.
  // Each window's whole horizon must be known. with_floor: whether a floor may have a share.
  void Calibrate(const SeriesSet& set, std::span<const Window> windows, std::span<const Window> rolling, bool with_floor,
                 Threads& threads, ProcessGroup& group = Alone());

  const ForecastMix& mix() const { return mix_; }
  void set_mix(ForecastMix mix) { mix_ = std::move(mix); }
  ForecastNetwork& network() { return network_; }
  const ForecastDesign& design() const { return network_.design(); }

 private:
  ForecastNetwork network_;
  ForecastMix mix_;
};

// `training` is provenance, kept for people. `golden_threads` runs the golden input.
Model MakeForecastModel(ForecastModel& forecaster, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
ForecastModel LoadForecaster(const Model& model, Threads& threads);

}  // namespace eddy

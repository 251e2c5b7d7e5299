// Forecasters side by side: the scaled error of the same held-out forecasts.
#pragma once

#include <cstdint>

#include "tasks/compared_task.h"
#include "tasks/forecast_defaults.h"

namespace eddy {

class ComparedForecasts : public ComparedTask {
 public:
  // Set and split must outlive it. Throws Error where nothing is held out.
  ComparedForecasts(const SeriesSet& set, const ForecastSplit& split, const ForecastSetup& defaults, uint64_t seed);

  EncoderOptions Layers(const std::string& name) const override;
  size_t CountParameters(const EncoderOptions& layers) const override;
  void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) override;
  Comparison Judge(Threads& threads) override;

 private:
  const SeriesSet& set_;
  const ForecastSplit& split_;
  const ForecastSetup defaults_;
  const uint64_t seed_;
};

}  // namespace eddy

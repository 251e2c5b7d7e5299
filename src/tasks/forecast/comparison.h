// Forecasters side by side: the scaled error of the same held-out forecasts.
#pragma once

#include <cstdint>

#include "compare/compared_task.h"
#include "tasks/forecast/data.h"
#include "tasks/forecast/defaults.h"

namespace eddy {

class ComparedForecasts : public ComparedTask {
 public:
  // Throws Error where nothing is held out.
  ComparedForecasts(SeriesData data, const ForecastSetup& defaults, uint64_t seed);

  std::string unit() const override { return "rows"; }
  EncoderOptions Layers(const std::string& name) const override;
  size_t CountParameters(const EncoderOptions& layers) const override;
  void Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) override;
  Comparison Judge(Threads& threads) override;

 private:
  const SeriesData data_;
  const ForecastSetup defaults_;
  const uint64_t seed_;
};

}  // namespace eddy

#include "tasks/forecast/comparison.h"

#include <cmath>

#include "eddy/error.h"
#include "model/architecture.h"
#include "tasks/forecast/evaluation.h"
#include "tasks/forecast/training.h"

namespace eddy {

ComparedForecasts::ComparedForecasts(SeriesData data, const ForecastSetup& defaults, uint64_t seed)
    : data_(std::move(data)), defaults_(defaults), seed_(seed) {
  Require(!data_.split.held_out.empty(), "compare", "what is held out", "at least one forecast", "none");
}

EncoderOptions ComparedForecasts::Layers(const std::string& name) const {
  EncoderOptions layers = defaults_.design.encoder;
  Compose(layers, name, defaults_.design.window, {});
  return layers;
}

size_t ComparedForecasts::CountParameters(const EncoderOptions& layers) const {
  ForecastDesign design = defaults_.design;
  design.encoder = layers;
  return CountWeights(ForecastNetwork(design, seed_).parameters());
}

void ComparedForecasts::Train(const EncoderOptions& layers, const Run& run, Threads& threads, ComparedModel& model) {
  ForecastSetup setup = defaults_;
  setup.design.encoder = layers;
  SuitRate(setup.training.schedule, layers);
  ForecastModel forecaster(setup.design, seed_);
  ForecastTraining task(forecaster, data_.set, data_.split, setup.batching, seed_, threads);
  task.StartFromReferences();
  model.run = run(task, setup.training);
  if (model.run.stopped) return;
  for (const double error : WindowErrors(forecaster, data_.set, data_.split.held_out, threads)) {
    if (std::isfinite(error)) model.losses.push_back(error);  // where it is not, it is not for any network
  }
}

Comparison ComparedForecasts::Judge(Threads& threads) {
  ForecastModel untrained(defaults_.design, seed_);  // the floors do not depend on it
  const ForecastResult result = EvaluateForecaster(untrained, data_.set, data_.split.held_out, threads);
  const bool scaled = std::isfinite(result.ScoresOf("naive").mase);
  const auto figure = [&](const ForecastScores& scores) { return scaled ? scores.mase : scores.mae; };
  Comparison comparison;
  comparison.measure = scaled ? "MASE" : "mean absolute error";
  comparison.curve = "pinball loss, scaled";
  comparison.parts = "forecasts";
  for (const double error : WindowErrors(untrained, data_.set, data_.split.held_out, threads)) {
    if (std::isfinite(error)) comparison.weights.push_back(1);
  }
  for (const FloorResult& each : result.floors) {
    if (result.season > 1 || !each.floor.seasonal) comparison.floors.push_back({each.floor.in_words, figure(each.scores)});
  }
  return comparison;
}

}  // namespace eddy

#include "tasks/forecast/model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/encoder_json.h"
#include "tasks/forecast/batch.h"

namespace eddy {
namespace {

constexpr size_t kRowsAtOnce = 256;
constexpr size_t kGoldenSteps = 16;

Tensor GoldenInput(const ForecastDesign& design) {
  Tensor input = Tensor::Uninitialized({kGoldenSteps, 1, design.inputs()});
  constexpr uint64_t kKey = 7;
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<Real>(2 * RandomAt(kKey, i) - 1);
  return input;
}

// What the head puts out for the input, with all known covariates 0: [H * (K + Q)].
GoldenRun GoldenRunOf(ForecastNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const ForecastDesign& design = network.design();
    const Shape expected = {kGoldenSteps, 1, design.inputs()};
    Require(input.shape() == expected, "load model", "the golden input", expected.ToString(), input.shape().ToString());
    Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
    Sequence sequence;
    sequence.steps = kGoldenSteps;
    sequence.rows = 1;
    const Var y = network.encoder().Forward(tape, tape.Constant(input), sequence);
    const size_t known = design.known_features();
    const Var last = Slice(tape, y, kGoldenSteps - 1, kGoldenSteps);
    const Tensor raw = tape.Value(network.Head(tape, last, known > 0 ? Tensor({1, 1, design.horizon, known}) : Tensor()));
    return raw.Reshape({raw.size()});
  };
}

// The smallest value above 0 that was observed, 0 where none was: what is seldom sold is sold by the piece, or not at all.
double LeastPositive(Observations values) {
  double least = std::numeric_limits<double>::infinity();
  for (size_t t = 0; t < values.size(); ++t) {
    if (values.observed[t] && values.values[t] > 0) least = std::min(least, values.values[t]);
  }
  return std::isfinite(least) ? least : 0;
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const ForecastDesign& design) {
  eddy::RequireFits(design.encoder, model.tensors);
  const size_t numbers = design.horizon * (design.references() + design.quantiles.size());
  RequireShape(model, "head.bias", {numbers});
}

}  // namespace

std::vector<std::vector<double>> ForecastModel::Forecast(const SeriesSet& set, std::span<const Window> windows,
                                                         Threads& threads, ProcessGroup& group) {
  const std::span<const Window> own = OwnShare(group).Of(windows);
  std::vector<std::vector<double>> forecasts = NetworkForecast(set, own, threads);
  for (size_t i = 0; i < own.size(); ++i) {
    const Observations history = set.series[own[i].series].all().first(own[i].origin);
    Apply(mix_, design(), history, forecasts[i]);
    if (!design().nonnegative) continue;
    const double least = design().intermittent ? LeastPositive(history) : 0;
    for (double& value : forecasts[i]) value = value < least / 2 ? 0 : std::max(value, 0.0);
  }
  return Joined(group, std::move(forecasts));
}

void ForecastModel::Calibrate(const SeriesSet& set, std::span<const Window> windows, std::span<const Window> rolling,
                              bool with_floor, Threads& threads, ProcessGroup& group) {
  const auto past_at = [&](const Window& window) {
    const Observations all = set.series[window.series].all();
    return PastHorizon{window.series, all.first(window.origin), all.subspan(window.origin, design().horizon)};
  };
  std::vector<std::vector<double>> forecasts = NetworkForecast(set, windows, threads, group);
  std::vector<PastForecast> past;
  for (size_t i = 0; i < windows.size(); ++i) past.push_back({past_at(windows[i]), std::move(forecasts[i])});
  std::vector<PastHorizon> of_floors;
  for (const Window& window : rolling) of_floors.push_back(past_at(window));
  mix_ = FitMix(design(), past, of_floors, with_floor, threads, group);
}

std::vector<std::vector<double>> ForecastModel::NetworkForecast(const SeriesSet& set, std::span<const Window> windows,
                                                                Threads& threads, ProcessGroup& group) {
  RequireFits(set);
  const size_t H = design().horizon, Q = design().quantiles.size();
  const std::span<const Window> own = OwnShare(group).Of(windows);
  std::vector<std::vector<double>> forecasts;
  for (size_t begin = 0; begin < own.size(); begin += kRowsAtOnce) {
    const std::span<const Window> part = own.subspan(begin, std::min(kRowsAtOnce, own.size() - begin));
    std::vector<ForecastSeries> series;
    std::vector<ForecastPass> passes;
    series.reserve(part.size());
    for (const Window& window : part) {
      series.emplace_back(set, set.series[window.series], design(), window.origin).KeepEnd(design().window);
      passes.push_back({&series.back(), window.origin});
    }
    Tape tape(threads, Tape::Mode::kInference, 0, design().encoder.precision);
    const Tensor scaled = tape.Value(network_.Forward(tape, MakeForecastInput(passes, 1, design())));
    for (size_t b = 0; b < part.size(); ++b) {
      std::vector<double>& forecast = forecasts.emplace_back(H * Q);
      for (size_t i = 0; i < H * Q; ++i) {
        forecast[i] = series[b].ToValue(part[b].origin, scaled[b * H * Q + i]);
      }
    }
  }
  return Joined(group, std::move(forecasts));
}

void ForecastModel::RequireFits(const SeriesSet& set) const {
  // A model may have been trained before what is closed was told apart.
  const bool closed_unknown = !design().open && set.axis.StepName() == "open " + design().step;
  Require(closed_unknown || set.axis.StepName() == design().step, "forecast", "the step of the series",
          WithArticle(design().step), WithArticle(set.axis.StepName()));
}

Model MakeForecastModel(ForecastModel& forecaster, const Json& training, Threads& threads) {
  Model model;
  model.task = kForecastTask;
  model.description = {{"forecast", ToJson(forecaster.design())}, {"training", training}};
  if (forecaster.mix() != ForecastMix()) model.description["forecast"]["mix"] = ToJson(forecaster.mix());
  model.precision = forecaster.design().encoder.precision;
  StoreNetwork(forecaster.network().parameters(), GoldenInput(forecaster.design()),
               GoldenRunOf(forecaster.network(), threads), model);
  return model;
}

ForecastModel LoadForecaster(const Model& model, Threads& threads) {
  RequireTask(model, kForecastTask);
  const Json& description = ObjectField(model.description, "forecast");
  const ForecastDesign design = ForecastDesignFromJson(description);
  RequireTensors(model, design);
  ForecastModel forecaster(design, 0);
  if (description.contains("mix")) forecaster.set_mix(ForecastMixFromJson(ObjectField(description, "mix"), design));
  RestoreNetwork(model, forecaster.network().parameters(), GoldenRunOf(forecaster.network(), threads));
  return forecaster;
}

}  // namespace eddy

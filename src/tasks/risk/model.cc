#include "tasks/risk/model.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "model/encoder_json.h"
#include "tasks/risk/features.h"
#include "tasks/risk/head.h"

namespace eddy {
namespace {

constexpr size_t kGoldenSteps = 16;

// The mean of what the members put out for one row: [T, W].
Tensor MeanOutput(RiskNetwork& network, const Tensor& x, Threads& threads) {
  const RiskDesign& design = network.design();
  Sequence sequence;
  sequence.steps = x.dim(0);
  sequence.rows = 1;
  Tensor mean({x.dim(0), design.outputs()});
  for (size_t member = 0; member < design.members; ++member) {
    Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
    const Tensor raw = tape.Value(network.Forward(tape, x, sequence, member));
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += raw[i] / static_cast<Real>(design.members);
  }
  return mean;
}

Tensor GoldenInput(const RiskDesign& design) {
  Tensor input = Tensor::Uninitialized({kGoldenSteps, 1, design.inputs()});
  constexpr uint64_t kKey = 11;
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<Real>(2 * RandomAt(kKey, i) - 1);
  return input;
}

GoldenRun GoldenRunOf(RiskNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const Shape expected = {kGoldenSteps, 1, network.design().inputs()};
    Require(input.shape() == expected, "load model", "the golden input", expected.ToString(), input.shape().ToString());
    const Tensor raw = MeanOutput(network, input, threads);
    return raw.Reshape({raw.size()});
  };
}

TailRisk Between(const TailRisk& own, const TailRisk& floor, double weight) {
  const auto mean = [&](double a, double b) { return -std::exp(weight * std::log(-a) + (1 - weight) * std::log(-b)); };
  const double value = mean(own.value, floor.value);
  return {value, std::min(value, mean(own.shortfall, floor.shortfall))};
}

void AddRealised(const ReturnSeries& series, const SeriesFit& fit, const RiskDesign& design, const Tensor& raw,
                 SeriesRisk& risk) {
  const size_t m = design.target_measure(), W = design.outputs();
  const LogHar& har = fit.har[m];
  const std::vector<double> logs = series.LogMeasure(m);
  risk.realised = HorizonMeasure(series, m, design.horizon);
  risk.realised_spread = har.residual;
  for (std::vector<double>* each : {&risk.realised_forecast, &risk.realised_last, &risk.realised_har}) each->push_back(0);
  for (size_t i = 1; i <= series.size(); ++i) {
    risk.realised_last.push_back(logs[i - 1]);
    risk.realised_har.push_back(har.Predict(logs, i));
    risk.realised_forecast.push_back(risk.realised_har[i] + std::sqrt(har.residual) * raw[(i - 1) * W + W - 2]);
  }
}

}  // namespace

RiskPath SeriesRisk::Combined(const Combination& combination) const {
  const RiskPath& of_network = own[combination.filtered];
  if (combination.weight >= 1) return {"network", of_network.tails};
  const auto floor = std::find_if(floors.begin(), floors.end(), [&](const auto& f) { return f.name == combination.floor; });
  if (floor == floors.end()) Fail("risk", "the floor of the combination", "one that there is", combination.floor);
  RiskPath path{"network", std::vector<TailRisk>(of_network.tails.size())};
  for (size_t i = 0; i < path.tails.size(); ++i) {
    path.tails[i] = Between(of_network.tails[i], floor->tails[i], combination.weight);
  }
  return path;
}

SeriesRisk TrainedRisk::Run(const ReturnSeries& series, const SeriesFit& fit, Threads& threads) {
  const RiskDesign& design = this->design();
  const size_t T = series.size(), Q = design.levels.size(), W = design.outputs();
  const double mean = fit.mean * static_cast<double>(design.horizon);
  SeriesRisk risk;
  risk.targets = HorizonReturns(series, design.horizon);
  const std::vector<double> reference = HorizonDeviations(fit.leverage, series, fit.mean, design.horizon);
  risk.floors = FloorPaths(series, fit, risk.targets, reference, design);
  const std::vector<float> features = ScaledFeatures(series, fit, design);
  Tensor x = Tensor::Uninitialized({T, 1, design.inputs()});
  std::copy(features.begin(), features.end(), x.values().begin());
  const Tensor raw = MeanOutput(network_, x, threads);

  risk.volatility = reference;  // at origin 0 nothing has been read
  RiskPath heads{"the network's heads", {}, true};
  for (size_t q = 0; q < Q; ++q) {
    heads.tails.push_back(ScaledTail(fit.leverage_tails[q], reference[0], mean));
  }
  std::vector<TailRisk> tails(Q);
  for (size_t i = 1; i <= T; ++i) {
    const Real* numbers = &raw[(i - 1) * W];
    const double sigma = RiskScale(numbers);
    risk.volatility[i] = reference[i] * sigma;
    DecodeTails(numbers + design.density_parameters(), sigma * reference[i], tails);
    for (const TailRisk& tail : tails) heads.tails.push_back(ScaledTail(tail, 1, mean));
  }
  RiskPath filtered{"the network's volatility, filtered by 1,000 days",
                    FilteredTails(risk.volatility, risk.targets, mean, fit.leverage_tails, kFilterWindow, design), true};
  heads.tails = RecalibratedTails(heads.tails, risk.targets, mean, design);
  risk.own = {std::move(heads), std::move(filtered)};
  if (!design.columns.realised.empty()) AddRealised(series, fit, design, raw, risk);
  return risk;
}

Model MakeRiskModel(TrainedRisk& risk, const Json& training, Threads& threads) {
  Model model;
  model.task = kRiskTask;
  model.description = {{"risk", ToJson(risk.design())}, {"training", training}};
  model.precision = risk.design().encoder.precision;
  StoreNetwork(risk.network().parameters(), GoldenInput(risk.design()), GoldenRunOf(risk.network(), threads), model);
  return model;
}

TrainedRisk LoadRisk(const Model& model, Threads& threads) {
  RequireTask(model, kRiskTask);
  const RiskDesign design = RiskDesignFromJson(ObjectField(model.description, "risk"));
  eddy::RequireFits(design.encoder, model.tensors);
  for (size_t i = 0; i < design.members; ++i) {
    RequireShape(model, "member" + std::to_string(i) + ".head.bias", {design.outputs()});
  }
  TrainedRisk risk(design, 0);
  RestoreNetwork(model, risk.network().parameters(), GoldenRunOf(risk.network(), threads));
  return risk;
}

}  // namespace eddy

#include "tasks/direction/model.h"

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/random.h"
#include "model/encoder_json.h"
#include "tasks/direction/features.h"

namespace eddy {
namespace {

constexpr size_t kGoldenSteps = 16;

double Probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

Tensor LogOdds(DirectionNetwork& network, const Tensor& x, size_t of, Threads& threads) {
  Sequence sequence;
  sequence.steps = x.dim(0);
  sequence.rows = 1;
  Tape tape(threads, Tape::Mode::kInference, 0, network.design().encoder.precision);
  return tape.Value(network.Forward(tape, x, sequence, of)).Clone();
}

Tensor GoldenInput(const DirectionDesign& design) {
  Tensor input = Tensor::Uninitialized({kGoldenSteps, 1, design.inputs()});
  constexpr uint64_t kKey = 17;
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<Real>(2 * RandomAt(kKey, i) - 1);
  return input;
}

GoldenRun GoldenRunOf(DirectionNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const Shape expected = {kGoldenSteps, 1, network.design().inputs()};
    Require(input.shape() == expected, "load model", "the golden input", expected.ToString(), input.shape().ToString());
    const size_t networks = network.design().networks();
    Tensor said({networks * kGoldenSteps});
    for (size_t n = 0; n < networks; ++n) {
      const Tensor of_network = LogOdds(network, input, n, threads);
      std::copy_n(of_network.data(), kGoldenSteps, &said[n * kGoldenSteps]);
    }
    return said;
  };
}

}  // namespace

std::vector<SeriesDirection> TrainedDirection::Run(const PriceSet& prices, Threads& threads, ProcessGroup& group) {
  const DirectionDesign& design = this->design();
  const std::vector<std::vector<double>> market = MarketReturns(prices);
  return SharedOut(group, prices.series.size(), [&](size_t s) {
    const ReturnSeries& series = prices.series[s];
    const size_t T = series.size(), M = design.members;
    SeriesDirection direction;
    std::vector<size_t> refits;
    for (size_t i = 0; i <= T; ++i) refits.push_back(design.RefitAt(i < T ? series.times[i] : series.next));
    direction.members.assign(M, std::vector<double>(T + 1, 0.5));
    direction.network.assign(T + 1, 0.5);
    if (T > 0) {
      const std::vector<float> features = ScaledDirectionFeatures(series, market[s], design);
      Tensor x = Tensor::Uninitialized({T, 1, design.inputs()});
      std::copy(features.begin(), features.end(), x.values().begin());
      std::vector<double> mean(T + 1, 0);
      for (size_t n = 0; n < design.networks(); ++n) {
        if (std::find(refits.begin() + 1, refits.end(), n / M) == refits.end()) continue;
        const Tensor odds = LogOdds(network_, x, n, threads);
        for (size_t i = 1; i <= T; ++i) {
          if (refits[i] != n / M) continue;
          direction.members[n % M][i] = Probability(odds[i - 1]);
          mean[i] += odds[i - 1] / static_cast<double>(M);
        }
      }
      for (size_t i = 1; i <= T; ++i) direction.network[i] = Probability(mean[i]);
    }
    const std::vector<double> lagged = LaggedReturns(series);
    for (size_t i = 0; i <= T; ++i) {
      const DirectionRefit& refit = design.refits[refits[i]];
      direction.logistic.push_back(Probability(refit.logistic.LogOdds(std::span(lagged).subspan(i * kLags, kLags))));
      direction.majority.push_back(refit.up_share);
    }
    return direction;
  });
}

Model MakeDirectionModel(TrainedDirection& direction, const Json& training, Threads& threads) {
  Model model;
  model.task = kDirectionTask;
  model.description = {{"direction", ToJson(direction.design())}, {"training", training}};
  model.precision = direction.design().encoder.precision;
  StoreNetwork(direction.network().parameters(), GoldenInput(direction.design()), GoldenRunOf(direction.network(), threads),
               model);
  return model;
}

TrainedDirection LoadDirection(const Model& model, Threads& threads) {
  RequireTask(model, kDirectionTask);
  const DirectionDesign design = DirectionDesignFromJson(ObjectField(model.description, "direction"));
  eddy::RequireFits(design.encoder, model.tensors);
  for (size_t n = 0; n < design.networks(); ++n) {
    RequireShape(model, "network" + std::to_string(n) + ".head.bias", {1});
  }
  TrainedDirection direction(design, 0);
  RestoreNetwork(model, direction.network().parameters(), GoldenRunOf(direction.network(), threads));
  return direction;
}

}  // namespace eddy

#include "tasks/reserve/model.h"

#include <cmath>
#include <numeric>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/random.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr size_t kRows = 1024;      // views run at once
constexpr double kMostSpread = 10;  // variance of a Student's t over its scale squared: few freedoms have any
constexpr size_t kGoldenRows = 3;

// What the network says of the golden views: of each member, one of a known company among them.
Tensor GoldenInput(const ReserveDesign& design) {
  Tensor input = Tensor::Uninitialized({design.developments, kGoldenRows, design.features() + design.references()});
  constexpr uint64_t kKey = 13;
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<Real>(2 * RandomAt(kKey, i) - 1);
  return input;
}

GoldenRun GoldenRunOf(ReserveNetwork& network, Threads& threads) {
  return [&](const Tensor& golden) {
    const ReserveDesign& design = network.design();
    const size_t N = design.developments, D = design.features(), K = design.references();
    const Shape expected = {N, kGoldenRows, D + K};
    Require(golden.shape() == expected, "load model", "the golden input", expected.ToString(), golden.shape().ToString());
    ReserveInput input{Tensor::Uninitialized({N, kGoldenRows, D}), Tensor::Uninitialized({N, kGoldenRows, K}), {}, {}, {}};
    input.sequence.steps = N;
    input.sequence.rows = kGoldenRows;
    for (size_t row = 0; row < N * kGoldenRows; ++row) {
      std::copy_n(&golden[row * (D + K)], D, &input.features[row * D]);
      std::copy_n(&golden[row * (D + K) + D], K, &input.references[row * K]);
      input.companies.push_back(row % kGoldenRows == 0 ? 0 : 1);
      input.lines.push_back(row % kGoldenRows == 1 ? 0 : 1);
    }
    Tensor said({N * kGoldenRows * 3});
    for (size_t member = 0; member < design.members; ++member) {
      Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
      const Tensor of_member = tape.Value(network.Forward(tape, input, member));
      for (size_t i = 0; i < said.size(); ++i) said[i] += of_member[i] / static_cast<Real>(design.members);
    }
    return said;
  };
}

double VarianceOf(const Real* said) {
  const double scale = Softplus(said[1]) + kLeastScale, freedom = 2 + Softplus(said[2]);
  return scale * scale * std::min(kMostSpread, freedom / (freedom - 2));
}

}  // namespace

bool LeavesOut(size_t member, const ReserveView& view, const ReserveDesign& design) {
  if (design.members == 1) return false;
  return MixBits(MixBits(view.triangle + 1) ^ view.origin) % design.members == member;
}

double OriginForecast::sum() const { return std::accumulate(payments.begin(), payments.end(), 0.0); }
double OriginForecast::scale() const { return std::sqrt(std::accumulate(variances.begin(), variances.end(), 0.0)); }

std::vector<OriginForecast> TrainedReserve::Forecast(const TriangleSet& set, size_t calendar, bool left_out,
                                                     Threads& threads, ProcessGroup& group) {
  const ReserveDesign& design = this->design();
  const size_t N = design.developments;
  std::vector<ReserveView> views;
  for (size_t i = 0; i < set.triangles.size(); ++i) {
    for (ReserveView& view : ViewsAt(set, i, calendar, design)) views.push_back(std::move(view));
  }
  const std::span<const ReserveView> own = OwnShare(group).Of(std::span<const ReserveView>(views));
  std::vector<OriginForecast> forecasts;
  for (size_t first = 0; first < own.size(); first += kRows) {
    std::vector<const ReserveView*> rows;
    for (const ReserveView& view : own.subspan(first, std::min(own.size() - first, kRows))) {
      rows.push_back(&view);
      const size_t left = N - view.known;
      forecasts.push_back(
          {view.triangle, view.origin, view.known, std::vector<double>(left, 0), std::vector<double>(left, 0)});
    }
    const ReserveInput input = MakeReserveInput(rows, design);
    for (size_t member = 0; member < design.members; ++member) {
      Tape tape(threads, Tape::Mode::kInference, 0, design.encoder.precision);
      const Tensor said = tape.Value(network_.Forward(tape, input, member));
      for (size_t b = 0; b < rows.size(); ++b) {
        const ReserveView& view = *rows[b];
        const bool alone = left_out && design.members > 1;
        if (alone && !LeavesOut(member, view, design)) continue;
        const double share = alone ? 1 : 1 / static_cast<double>(design.members);
        OriginForecast& forecast = forecasts[first + b];
        for (size_t t = view.known; t < N; ++t) {
          const Real* numbers = &said[(t * rows.size() + b) * 3];
          forecast.payments[t - view.known] += share * numbers[0] * view.unit[t];
          forecast.variances[t - view.known] += share * VarianceOf(numbers) * view.unit[t] * view.unit[t];
        }
      }
    }
  }
  return Joined(group, std::move(forecasts));
}

Model MakeReserveModel(TrainedReserve& reserve, const Json& training, Threads& threads) {
  Model model;
  model.task = kReserveTask;
  model.description = {{"reserve", ToJson(reserve.design())}, {"training", training}};
  model.precision = reserve.design().encoder.precision;
  StoreNetwork(reserve.network().parameters(), GoldenInput(reserve.design()), GoldenRunOf(reserve.network(), threads),
               model);
  return model;
}

TrainedReserve LoadReserve(const Model& model, Threads& threads) {
  RequireTask(model, kReserveTask);
  const ReserveDesign design = ReserveDesignFromJson(ObjectField(model.description, "reserve"));
  eddy::RequireFits(design.encoder, model.tensors);
  for (size_t i = 0; i < design.members; ++i) {
    const std::string name = "member" + std::to_string(i) + ".";
    RequireShape(model, name + "head.bias", {design.outputs()});
    RequireShape(model, name + "embedding.company", {design.known.size() + 1, design.embedding});
  }
  TrainedReserve reserve(design, 0);
  RestoreNetwork(model, reserve.network().parameters(), GoldenRunOf(reserve.network(), threads));
  return reserve;
}

}  // namespace eddy

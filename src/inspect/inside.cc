#include "inspect/inside.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "eddy/error.h"
#include "eddy/stream.h"

namespace eddy {
namespace {

constexpr double kStill = 0.01;      // a dead unit's values lie within this of one value
constexpr double kNearLimit = 0.05;  // of -1 or 1, as in Trace
constexpr double kMostSteps = 0.9;   // the share of steps that makes a unit saturated

// norms[t] is before step t; survival counts from the end and in units of its first value.
std::vector<double> SurvivalOf(const std::vector<double>& norms) {
  std::vector<double> survival(norms.rbegin(), norms.rend());
  const double first = survival.empty() ? 0 : survival[0];
  for (double& value : survival) value = first > 0 ? value / first : 0;
  return survival;
}

void MeasureGradients(RecurrentStack& stack, const Tensor& input, const std::function<Var(Tape&, Var)>& last_loss,
                      Threads& threads, std::vector<LayerInside>& layers) {
  Tape tape(threads);
  std::vector<Trace> traces(layers.size());
  const Sequence sequence{.steps = input.dim(0), .rows = input.dim(1), .lengths = {}, .resets = {}};
  const Var output = stack.Forward(tape, tape.Constant(input), sequence, {}, {}, &traces).y;
  tape.Backward(last_loss(tape, output));
  for (size_t i = 0; i < layers.size(); ++i) {
    layers[i].survival = SurvivalOf(traces[i].gradient_norms);
    layers[i].activations = std::move(traces[i].activations);
  }
}

// What a unit did over all rows and steps.
struct UnitHistory {
  double low = 0, high = 0;
  double magnitudes = 0;
  size_t near_limit = 0;
  size_t count = 0;

  void Add(double value) {
    low = count == 0 ? value : std::min(low, value);
    high = count == 0 ? value : std::max(high, value);
    magnitudes += std::abs(value);
    near_limit += std::abs(std::abs(value) - 1) <= kNearLimit;
    ++count;
  }
};

void MeasureStates(const RecurrentStack& stack, const Tensor& input, std::vector<LayerInside>& layers) {
  const size_t steps = input.dim(0), rows = input.dim(1), width = input.dim(2);
  RecurrentStream stream(stack, rows);
  std::vector<std::vector<UnitHistory>> histories;
  for (const LayerInside& layer : layers) histories.emplace_back(layer.hidden);
  for (size_t t = 0; t < steps; ++t) {
    stream.Step(input.data() + t * rows * width);
    const Real* state = stream.state().data();
    for (size_t i = 0; i < layers.size(); ++i) {
      const size_t state_width = stack.layers()[i].state_width();
      for (size_t row = 0; row < rows; ++row) {
        for (size_t unit = 0; unit < layers[i].hidden; ++unit) histories[i][unit].Add(state[row * state_width + unit]);
      }
      layers[i].states.insert(layers[i].states.end(), state, state + layers[i].hidden);
      state += rows * state_width;
    }
  }
  for (size_t i = 0; i < layers.size(); ++i) {
    for (const UnitHistory& unit : histories[i]) {
      const double count = static_cast<double>(unit.count);
      layers[i].mean_magnitude += unit.magnitudes / count / static_cast<double>(layers[i].hidden);
      layers[i].dead += unit.high - unit.low <= 2 * kStill;
      layers[i].saturated += static_cast<double>(unit.near_limit) >= kMostSteps * count;
    }
  }
}

}  // namespace

Inside LookInside(RecurrentStack& stack, const Tensor& input, std::vector<std::string> steps,
                  const std::function<Var(Tape& tape, Var output)>& last_loss, std::span<Parameter* const> parameters,
                  Threads& threads) {
  if (stack.options().bidirectional) Fail("look inside", "the stack", "of one direction", "bidirectional");
  if (input.rank() != 3 || input.size() == 0)
    Fail("look inside", "the sample", "of shape [T, B, D]", input.shape().ToString());
  if (steps.size() != input.dim(0)) {
    Fail("look inside", "the names of the steps", fmt::format("{}", input.dim(0)), fmt::format("{}", steps.size()));
  }
  Inside inside{.layers = {}, .steps = std::move(steps)};
  for (const Recurrent& layer : stack.layers()) {
    LayerInside& entry = inside.layers.emplace_back();
    entry.name = fmt::format("layer {}", inside.layers.size());
    entry.cell = CellName(layer.cell());
    entry.hidden = layer.options().hidden;
  }
  MeasureGradients(stack, input, last_loss, threads, inside.layers);
  for (Parameter* parameter : parameters) parameter->grad.Fill(0);
  MeasureStates(stack, input, inside.layers);
  return inside;
}

std::optional<size_t> GradientHalfLife(const std::vector<double>& survival) {
  const auto below = std::find_if(survival.begin(), survival.end(), [](double share) { return share < 0.5; });
  if (below == survival.end()) return {};
  return static_cast<size_t>(below - survival.begin()) + 1;
}

Json ToJson(const Inside& inside) {
  Json layers = Json::array();
  for (const LayerInside& layer : inside.layers) {
    Json activations = Json::array();
    const std::optional<size_t> half = GradientHalfLife(layer.survival);
    for (const auto& activation : layer.activations) {
      activations.push_back({{"name", activation.name}, {"low", activation.low}, {"high", activation.high}});
    }
    layers.push_back({{"name", layer.name},
                      {"cell", layer.cell},
                      {"hidden", layer.hidden},
                      {"half_life", half ? Json(*half) : Json()},
                      {"survival", layer.survival},
                      {"activations", activations},
                      {"mean_magnitude", layer.mean_magnitude},
                      {"dead", layer.dead},
                      {"saturated", layer.saturated}});
  }
  return {{"steps", inside.steps.size()}, {"layers", layers}};
}

}  // namespace eddy

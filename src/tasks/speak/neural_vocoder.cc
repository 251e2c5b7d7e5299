#include "tasks/speak/neural_vocoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr double kStepMs = 2.5, kFilterMs = 4, kAheadMs = 15;
constexpr size_t kMostStep = 1 << 10, kMostTaps = 1 << 10;
constexpr double kMostScaled = 4;  // deviations from the mean: what is further away is not told apart

// The frame of each step, the one that comes kAheadMs later, and where in its period the voice is.
size_t FeaturesOf(const VocoderOptions& vocoder) { return 2 * vocoder.width() + 2; }

const NeuralVocoderDesign& Checked(const NeuralVocoderDesign& design) {
  const auto check = [](bool holds, const char* what, const char* expected) {
    Require(holds, "vocoder", what, expected, "not");
  };
  check(design.step >= 1 && design.step <= kMostStep, "the step", "1 to 1024 samples");
  check(design.taps >= 2 && design.taps <= kMostTaps && design.taps % 2 == 0, "the taps", "2 to 1024, even");
  check(IsCausal(design.layers), "the layers", "causal");
  return design;
}

EncoderOptions WithFeatures(const NeuralVocoderDesign& design) {
  EncoderOptions layers = design.layers;
  layers.input = FeaturesOf(design.vocoder);
  return layers;
}

// The scaled frame at a place between two frames.
void ScaledFrame(const NeuralVocoderDesign& design, std::span<const float> frames, double place, Real* to) {
  const size_t D = design.vocoder.width(), last = frames.size() / D - 1;
  place = std::clamp(place, 0.0, static_cast<double>(last));
  const auto before = static_cast<size_t>(place), after = std::min(before + 1, last);
  const double part = place - static_cast<double>(before);
  for (size_t d = 0; d < D; ++d) {
    const double value = (1 - part) * double{frames[before * D + d]} + part * double{frames[after * D + d]};
    to[d] = static_cast<Real>(std::clamp((value - design.mean[d]) / design.deviation[d], -kMostScaled, kMostScaled));
  }
}

std::vector<Var> Constants(Tape& tape, const std::vector<Tensor>& tensors) {
  std::vector<Var> constants;
  for (const Tensor& each : tensors) constants.push_back(tape.Constant(each));
  return constants;
}

}  // namespace

NeuralVocoderDesign DefaultNeuralVocoder(const VocoderOptions& vocoder, const std::vector<double>& mean,
                                         const std::vector<double>& deviation, size_t hidden) {
  const auto samples = [&](double ms) { return static_cast<size_t>(std::lround(vocoder.rate * ms / 1000)); };
  NeuralVocoderDesign design{vocoder, mean, deviation, samples(kStepMs), 2 * samples(kFilterMs / 2), {}};
  StackOptions stack;
  stack.layer.cell = "gru";
  stack.layer.hidden = hidden;
  design.layers.layers = {stack};
  return design;
}

VocoderBatch::VocoderBatch(const NeuralVocoderDesign& design, size_t steps, size_t rows)
    : sequence{steps, rows, {}, {}},
      features({steps, rows, FeaturesOf(design.vocoder)}),
      pulses({steps, rows, design.step + design.taps - 1}),
      noise(pulses.shape()) {}

void VocoderBatch::Fill(size_t row, const NeuralVocoderDesign& design, const VoiceSource& source, size_t first) {
  const size_t D = design.vocoder.width(), S = design.step, width = pulses.dim(2), reach = design.taps / 2;
  const size_t begin = source.begin, end = begin + source.parts.pulses.size();
  const double frame = design.vocoder.step();
  for (size_t t = 0; t < sequence.steps; ++t) {
    const size_t at = (t * sequence.rows + row), sample = (first + t) * S, middle = sample + S / 2;
    Real* feature = features.data() + at * FeaturesOf(design.vocoder);
    const double place = static_cast<double>(middle) / frame - 0.5;
    ScaledFrame(design, source.frames, place, feature);
    ScaledFrame(design, source.frames, place + kAheadMs / design.vocoder.step_ms, feature + D);
    const float phase = middle >= begin && middle < end ? source.parts.phase[middle - begin] : 0;
    const double angle = 2 * std::numbers::pi * double{phase};
    feature[2 * D] = phase > 0 ? static_cast<Real>(std::cos(angle)) : 0;
    feature[2 * D + 1] = phase > 0 ? static_cast<Real>(std::sin(angle)) : 0;
    for (size_t i = 0; i < width; ++i) {
      const size_t n = sample + i;  // of the sample `reach` before
      const bool inside = n >= begin + reach && n < end + reach;
      pulses[at * width + i] = inside ? Real{source.parts.pulses[n - reach - begin]} : 0;
      noise[at * width + i] = inside ? Real{source.parts.noise[n - reach - begin]} : 0;
    }
  }
}

NeuralVocoder::NeuralVocoder(const NeuralVocoderDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      layers_(WithFeatures(design), "vocoder", random_),
      filters_({layers_.output_width(), 2 * design.taps}, "filters", random_) {
  design_.layers = layers_.options();
  const std::vector<Parameter*> head = filters_.parameters();
  head[0]->value.Fill(0);
  head[1]->value[design.taps / 2] = head[1]->value[design.taps + design.taps / 2] = 1;
}

Var NeuralVocoder::Filters(Tape& tape, const VocoderBatch& batch, State* state) const {
  const Var features = tape.Constant(batch.features);
  if (!state) return filters_.Forward(tape, layers_.Forward(tape, features, batch.sequence));
  Segment segment(Constants(tape, state->layers));
  const Var filters = filters_.Forward(tape, layers_.Forward(tape, features, batch.sequence, &segment));
  state->layers.clear();
  for (const Var each : segment.after()) state->layers.push_back(tape.Value(each));
  return filters;
}

Var NeuralVocoder::Forward(Tape& tape, const VocoderBatch& batch, State* state) const {
  const size_t T = batch.sequence.steps, B = batch.sequence.rows, K = design_.taps;
  const Var filters = Filters(tape, batch, state);
  const Var before = state && !state->filters.empty() ? tape.Constant(state->filters) : Var();
  const auto part = [&](size_t begin, const Tensor& sound) {
    const Var from = before ? SliceColumns(tape, before, begin, begin + K) : Var();
    return VaryingFilter(tape, SliceColumns(tape, filters, begin, begin + K), from, sound);
  };
  if (state) state->filters = tape.Value(filters).Rows(T - 1, 1).Reshape({B, 2 * K}).Clone();
  return Add(tape, part(0, batch.pulses), part(K, batch.noise));
}

void NeuralVocoder::SetPrecision(Precision precision) {
  layers_.SetPrecision(precision);
  design_.layers.precision = precision;
}

std::vector<Parameter*> NeuralVocoder::parameters() {
  std::vector<Parameter*> all = layers_.parameters();
  for (Parameter* each : filters_.parameters()) all.push_back(each);
  return all;
}

Json ToJson(const NeuralVocoderDesign& design) {
  Json json = {{"step", design.step}, {"taps", design.taps}};
  AddEncoder(json, design.layers);
  return json;
}

NeuralVocoderDesign NeuralVocoderFromJson(const Json& description, const VocoderOptions& vocoder,
                                          const std::vector<double>& mean, const std::vector<double>& deviation) {
  NeuralVocoderDesign design{vocoder, mean, deviation, 0, 0, {}};
  design.step = static_cast<size_t>(IntegerField(description, "step", 1, kMostStep));
  design.taps = static_cast<size_t>(IntegerField(description, "taps", 2, kMostTaps));
  design.layers = EncoderFromJson(description);
  return Checked(design);
}

}  // namespace eddy

#include "tasks/transcribe/model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/length_batches.h"
#include "eddy/ctc.h"
#include "eddy/error.h"
#include "model/encoder_json.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 64;
constexpr size_t kMostSteps = 1 << 14;  // rows times frames of a batch
constexpr size_t kGoldenFrames = 24;

struct JudgedUtterance {
  Tensor logits;  // [T', V]
  const EncodedUtterance* utterance;
};

std::vector<JudgedUtterance> LogitsOf(const TranscriberNetwork& network, std::span<const EncodedUtterance> utterances,
                                      Threads& threads) {
  std::vector<std::span<const float>> frames;
  for (const EncodedUtterance& each : utterances) frames.emplace_back(each.frames.front());
  std::vector<JudgedUtterance> judged(utterances.size());
  ForLogits(network, frames, threads, [&](size_t place, const Tensor& logits) {
    judged[place] = {logits, &utterances[place]};
  });
  return judged;
}

// Nats a character; `judged` are this process' share of them.
double LossAt(const std::vector<JudgedUtterance>& judged, size_t characters, double temperature, Threads& threads,
              ProcessGroup& group) {
  std::vector<double> nats;
  for (const JudgedUtterance& each : judged) {
    Tensor logits = each.logits.Clone();
    for (Real& value : logits.values()) value = static_cast<Real>(value / temperature);
    Tape tape(threads, Tape::Mode::kInference);
    const size_t steps = logits.dim(0), V = logits.dim(1);
    nats.push_back(tape.Value(
        CtcLoss(tape, tape.Constant(logits.Reshape({steps, 1, V})), {each.utterance->labels}, {steps, 1, {}, {}}))[0]);
  }
  double sum = 0;
  for (const double each : Joined(group, std::move(nats))) sum += each;
  return characters == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(characters);
}

size_t CharactersOf(std::span<const EncodedUtterance> utterances) {
  size_t characters = 0;
  for (const EncodedUtterance& each : utterances) characters += each.characters;
  return characters;
}

Tensor GoldenInput(const TranscriberDesign& design) {
  constexpr uint64_t kKey = 7;
  Tensor input = Tensor::Uninitialized({kGoldenFrames, design.inputs()});
  for (size_t i = 0; i < input.size(); ++i) input[i] = 2 * RandomAt(kKey, i) - 1;
  return input;
}

GoldenRun GoldenRunOf(const TranscriberNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const size_t width = network.design().inputs();
    Require(input.rank() == 2 && input.dim(0) >= 1 && input.dim(1) == width, "load model", "the golden input",
            "of shape [T, " + std::to_string(width) + "]", input.shape().ToString());
    const std::vector<float> frames(input.values().begin(), input.values().end());
    const std::span<const float> row = frames;
    Tensor output;
    ForLogits(network, std::span(&row, 1), threads, [&](size_t, const Tensor& logits) { output = logits; });
    return output;
  };
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const TranscriberDesign& design) {
  const auto [first, second] = design.convolutions();
  RequireFits(design.encoder, model.tensors);
  RequireShape(model, "convolution1.W", {first.output, first.kernel, first.input});
  RequireShape(model, "convolution2.W", {second.output, second.kernel, second.input});
  RequireShape(model, "head.b", {design.spelling.size()});
  Require(design.encoder.input == design.channels, "load model", "the layers' input", std::to_string(design.channels),
          std::to_string(design.encoder.input));
}

}  // namespace

void ForLogits(const TranscriberNetwork& network, std::span<const std::span<const float>> frames, Threads& threads,
               const std::function<void(size_t place, const Tensor& logits)>& visit) {
  const size_t width = network.design().inputs();
  const auto length = [&](size_t i) { return frames[i].size() / width; };
  for (const std::vector<size_t>& places : BatchesByLength(frames.size(), length, kMostRows, kMostSteps)) {
    std::vector<std::span<const float>> rows;
    for (const size_t place : places) rows.push_back(frames[place]);
    Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
    const auto [logits, sequence] = network.Logits(tape, MakeFrameBatch(rows, width));
    const Tensor all = tape.Value(logits);
    const size_t B = rows.size(), V = all.dim(2);
    for (size_t b = 0; b < B; ++b) {
      Tensor own({sequence.Length(b), V});
      for (size_t t = 0; t < own.dim(0); ++t) std::copy_n(all.data() + (t * B + b) * V, V, own.data() + t * V);
      visit(places[b], own);
    }
  }
}

double MeasureTranscriber(const TranscriberNetwork& network, std::span<const EncodedUtterance> utterances, Threads& threads,
                          ProcessGroup& group) {
  const std::vector<JudgedUtterance> own = LogitsOf(network, OwnShare(group).Of(utterances), threads);
  return LossAt(own, CharactersOf(utterances), 1, threads, group);
}

Calibration CalibrateTranscriber(const TranscriberNetwork& network, std::span<const EncodedUtterance> utterances,
                                 Threads& threads, ProcessGroup& group) {
  constexpr int kPerOctave = 4, kOctaves = 4;
  const std::vector<JudgedUtterance> own = LogitsOf(network, OwnShare(group).Of(utterances), threads);
  const auto loss_at = [&, characters = CharactersOf(utterances)](double temperature) {
    return LossAt(own, characters, temperature, threads, group);
  };
  Calibration best = {1, loss_at(1)};
  // The first rise is taken to be beyond the minimum.
  for (int i = 1; i <= kPerOctave * kOctaves; ++i) {
    const double temperature = std::exp2(static_cast<double>(i) / kPerOctave), loss = loss_at(temperature);
    if (!(loss < best.loss)) break;
    best = {temperature, loss};
  }
  return best;
}

Model MakeTranscriberModel(TranscriberNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kTranscribeTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.precision();
  StoreNetwork(network.parameters(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  return model;
}

TranscriberNetwork LoadTranscriber(const Model& model, Threads& threads) {
  RequireTask(model, kTranscribeTask);
  const TranscriberDesign design = TranscriberDesignFromJson(model.description);
  RequireTensors(model, design);
  TranscriberNetwork network(design, 0);
  RestoreNetwork(model, network.parameters(), GoldenRunOf(network, threads));
  return network;
}

FrontEnd FrontEndOf(const TranscriberDesign& design) { return {design.sound, design.width, design.deltas, {}}; }

}  // namespace eddy

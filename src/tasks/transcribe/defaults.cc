#include "tasks/transcribe/defaults.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tasks/transcribe/batch.h"

namespace eddy {
namespace {

constexpr double kLeastSteps = 1200;    // so that a few recordings are learned, too
constexpr size_t kFewRecordings = 400;  // of which too few are held out to tell when it is enough
constexpr double kPriorFrames = 50;     // half a second
constexpr double kLeastDeviation = 1e-3;

// The mean of each number of a frame over all frames, and how far these are from the mean that is taken from them.
void SetScaling(const UtteranceSet& train, TranscriberDesign& design) {
  const size_t D = design.inputs();
  FrameSums all;
  for (const Utterance& each : train.utterances) all.Add(SumFrames(each.frames.front(), D));
  design.mean = all.Mean(0, {});
  design.deviation.assign(D, 0);
  for (const Utterance& each : train.utterances) {
    const std::vector<float>& values = each.frames.front();
    const std::vector<double> mean = MeanToTake(each, 0, design);
    for (size_t i = 0; i < values.size(); ++i) {
      const double off = double{values[i]} - mean[i % D];
      design.deviation[i % D] += off * off / all.frames;
    }
  }
  for (double& deviation : design.deviation) deviation = std::max(std::sqrt(deviation), kLeastDeviation);
}

}  // namespace

TranscriberSetup DefaultTranscriberSetup(const UtteranceSet& train, const FrontEnd& front, Spelling spelling, bool causal) {
  TranscriberSetup setup;
  TranscriberDesign& design = setup.design;
  design.sound = front.sound;
  design.width = front.width;
  design.deltas = front.deltas;
  design.causal = causal;
  design.own_mean = !causal;
  design.prior_frames = kPriorFrames;
  design.spelling = std::move(spelling);
  SetScaling(train, design);
  design.channels = 64;
  design.dropout = 0.3;
  StackOptions stack;
  stack.bidirectional = !causal;
  stack.layers = 2;
  stack.layer.hidden = 128;
  stack.dropout = design.dropout;
  design.encoder = {design.channels, {stack}};

  // Of few recordings smaller batches, for more steps.
  setup.batching.rows = std::clamp<size_t>(train.utterances.size() / 40, 4, 16);
  setup.batching.time_masks = 2;
  setup.batching.frequency_masks = front.sound && front.sound->kind == FeatureKind::kLogMel ? 2 : 0;
  setup.batching.splices = 0.2;
  setup.noise = front.sound ? 0.05 : 0;
  TrainingOptions& training = setup.training;
  training.schedule.warmup = 0.05;
  training.schedule.rate = 3e-3;
  training.average_decay = 0.99;
  training.optimizer.weight_decay = 0.01;
  training.patience = train.utterances.size() < kFewRecordings ? 0 : 8;
  training.limit = "epochs";
  training.amount =
      std::max(40.0, kLeastSteps * static_cast<double>(setup.batching.rows) / static_cast<double>(train.utterances.size()));
  return setup;
}

}  // namespace eddy

#include "tasks/transcribe/training.h"

#include <algorithm>
#include <cmath>

#include "data/even_sample.h"
#include "eddy/ctc.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "tasks/transcribe/model.h"

namespace eddy {
namespace {

constexpr double kLeastLook = 10'000;  // frames

double FramesOf(const std::vector<EncodedUtterance>& utterances, size_t width) {
  double frames = 0;
  for (const EncodedUtterance& each : utterances) frames += static_cast<double>(each.steps(width));
  return frames;
}

// What is heard later may have no speaker that is known, or one of whom there is little: any mean between the one that is
// taken from a recording and its own is learned with.
std::vector<float> Shifted(std::vector<float> frames, std::span<const float> shift, float share) {
  for (size_t i = 0; i < frames.size(); ++i) frames[i] += share * shift[i % shift.size()];
  return frames;
}

}  // namespace

TranscriberTraining::TranscriberTraining(TranscriberNetwork& network, const std::vector<EncodedUtterance>& train,
                                         const std::vector<EncodedUtterance>& held_out, const TranscriberBatching& batching,
                                         uint64_t seed, Threads& threads, Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      frames_(FramesOf(train, network.design().inputs())),
      epochs_(
          train.size(), [&train, width = network.design().inputs()](size_t i) { return train[i].steps(width); },
          batching.rows, seed) {
  Require(!train.empty(), "train transcribe", "the recordings", "at least one that can be learned", "none");
}

void TranscriberTraining::StartFromCounts() {
  const TranscriberDesign& design = network_.design();
  std::vector<double> counts(design.spelling.size(), 1);  // a label of none must not have a share of 0
  double steps = static_cast<double>(counts.size()), labels = 0;
  for (const EncodedUtterance& each : train_) {
    steps += static_cast<double>(design.Steps(each.steps(design.inputs())));
    labels += static_cast<double>(each.labels.size());
    for (const int32_t label : each.labels) counts[static_cast<size_t>(label)] += 1;
  }
  counts[0] += std::max(steps - labels, 0.0);
  const Tensor& bias = network_.head_bias();
  for (size_t v = 0; v < counts.size(); ++v) bias[v] = static_cast<Real>(std::log(counts[v] / steps));
}

double TranscriberTraining::units_per_step() const { return frames_ / static_cast<double>(steps_per_epoch()); }

double TranscriberTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step)));
  const std::span<const size_t> batch = epochs_.Batch(step);
  const size_t first = static_cast<size_t>(step % steps_per_epoch()) * batching_.rows;  // in the epoch
  std::vector<std::vector<float>> rows;
  std::vector<std::vector<int32_t>> labels;
  size_t characters_of_batch = 0;
  for (const size_t i : batch) characters_of_batch += train_[i].characters;
  for (size_t row = shard.begin(batch.size()); row < shard.end(batch.size()); ++row) {
    const EncodedUtterance& each = train_[batch[row]];
    const auto drawn = static_cast<size_t>(RandomAt(MixBits(key + 1), first + row) * static_cast<float>(each.frames.size()));
    const size_t speed = std::min(drawn, each.frames.size() - 1);
    rows.push_back(Shifted(each.frames[speed], each.to_own[speed], RandomAt(MixBits(key + 3), first + row)));
    labels.push_back(each.labels);
  }
  if (rows.empty()) return 0;
  const Masks masks = {batching_.time_masks, batching_.frequency_masks, MixBits(shard.Key(key) + 2)};
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  const auto [logits, sequence] = network_.Logits(
      tape,
      MakeFrameBatch(std::vector<std::span<const float>>(rows.begin(), rows.end()), network_.design().inputs(), masks));
  // A character counts alike in every recording.
  const double weight = static_cast<double>(rows.size()) / static_cast<double>(std::max<size_t>(characters_of_batch, 1));
  const Var loss = Scale(tape, CtcLoss(tape, logits, labels, sequence), static_cast<Real>(weight));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize TranscriberTraining::held_out_size() const {
  return {FramesOf(held_out_, network_.design().inputs()), kLeastLook};
}

std::optional<double> TranscriberTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.empty()) return std::nullopt;
  const double share = std::max(kLeastLook, most_units) / held_out_size().units;
  if (share >= 1) return CalibrateTranscriber(network_, held_out_, threads_, group).loss;
  std::vector<EncodedUtterance> sample;
  for (const size_t i : EvenSample(held_out_.size(), share * static_cast<double>(held_out_.size()))) {
    sample.push_back(held_out_[i]);
  }
  return CalibrateTranscriber(network_, sample, threads_, group).loss;
}

}  // namespace eddy

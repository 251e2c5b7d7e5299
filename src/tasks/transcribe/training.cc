#include "tasks/transcribe/training.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/even_sample.h"
#include "eddy/ctc.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/safetensors.h"
#include "tasks/transcribe/model.h"

namespace eddy {
namespace {

constexpr double kLeastLook = 10'000;  // frames
constexpr const char* kPlaces = "word_gaps";

double FramesOf(const std::vector<EncodedUtterance>& utterances, size_t width) {
  double frames = 0;
  for (const EncodedUtterance& each : utterances) frames += static_cast<double>(each.steps(width));
  return frames;
}

constexpr int64_t kFirstListening = 4;  // epoch

// Whether words are listened for as an epoch begins: in epochs 4, 6, 9, 13 ...
bool IsForListening(int64_t epoch) {
  int64_t at = kFirstListening;
  while (at < epoch) at += at / 2;
  return at == epoch;
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
          batching.rows, seed),
      splicing_(train, network.design().spelling, batching.splices) {
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

void TranscriberTraining::BeginStep(int64_t step) {
  epochs_.Begin(step);
  before_.reset();
  const bool begins = step % steps_per_epoch() == 0;
  if (batching_.splices == 0 || !begins || !IsForListening(step / steps_per_epoch())) return;
  before_ = splicing_.places();
  splicing_.Align(network_, threads_);
}

void TranscriberTraining::TakeBackStep() {
  if (before_) splicing_.SetPlaces(*std::exchange(before_, std::nullopt));
}

// What stands at a place of the epoch: all of its parts at one of the speeds, with any mean between the one that is taken
// from a recording and its own, as what is heard later may have no speaker that is known, or one of whom there is little.
TranscriberTraining::Row TranscriberTraining::MakeRow(size_t recording, size_t place, uint64_t key) const {
  const float speed = RandomAt(MixBits(key + 1), place), share = RandomAt(MixBits(key + 3), place);
  const size_t width = network_.design().inputs();
  const auto made = [&](JoinedRecording joined) {
    Row row{{}, std::move(joined.labels)};
    for (const RecordingPart& part : joined.parts) {
      const EncodedUtterance& from = train_[part.recording];
      const size_t at =
          std::min(static_cast<size_t>(speed * static_cast<float>(from.frames.size())), from.frames.size() - 1);
      const std::vector<float>& frames = from.frames[at];
      const auto steps = static_cast<double>(frames.size() / width);
      const size_t begin = static_cast<size_t>(std::lround(part.begin * steps)) * width,
                   end = static_cast<size_t>(std::lround(part.end * steps)) * width;
      for (size_t i = begin; i < end; ++i) row.frames.push_back(frames[i] + share * from.to_own[at][i % width]);
    }
    return row;
  };
  Row row = made(splicing_.Draw(recording, MixBits(MixBits(key + 4) + place)));
  if (CtcSteps(row.labels) <= network_.design().Steps(row.frames.size() / width)) return row;
  return made({{{recording}}, train_[recording].labels});
}

double TranscriberTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step)));
  const std::span<const size_t> batch = epochs_.Batch(step);
  const size_t first = static_cast<size_t>(step % steps_per_epoch()) * batching_.rows;  // in the epoch
  std::vector<std::vector<float>> rows;
  std::vector<std::vector<int32_t>> labels;
  size_t characters_of_batch = 0;
  for (const size_t i : batch) characters_of_batch += train_[i].characters;
  for (size_t row = shard.begin(batch.size()); row < shard.end(batch.size()); ++row) {
    Row made = MakeRow(batch[row], first + row, key);
    rows.push_back(std::move(made.frames));
    labels.push_back(std::move(made.labels));
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

TaskState TranscriberTraining::SaveState() const {
  const std::vector<float>& places = splicing_.places();
  if (batching_.splices == 0 || places.empty()) return {};
  Tensor stored({places.size()});
  std::copy(places.begin(), places.end(), stored.data());
  return {{}, {{kPlaces, stored}}};
}

void TranscriberTraining::LoadState(const TaskState& stored) {
  if (batching_.splices == 0 || splicing_.places().empty()) return;
  const std::span<const Real> places = FindTensor(stored.tensors, kPlaces).values();
  splicing_.SetPlaces({places.begin(), places.end()});
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

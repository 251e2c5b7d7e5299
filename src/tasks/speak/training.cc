#include "tasks/speak/training.h"

#include <algorithm>
#include <numeric>

#include "data/even_sample.h"
#include "data/length_batches.h"
#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/ops.h"

namespace eddy {
namespace {

constexpr double kDurationShare = 0.3;  // of an error in durations, against one in frames
constexpr double kLeastLook = 10'000;   // frames
constexpr size_t kMostRows = 32, kMostSteps = 1 << 14;

double FramesOf(const std::vector<EncodedSentence>& sentences) {
  double frames = 0;
  for (const EncodedSentence& each : sentences) frames += static_cast<double>(each.steps());
  return frames;
}

using Rows = std::span<const EncodedSentence* const>;

double SymbolsOf(Rows rows) {
  double symbols = 0;
  for (const EncodedSentence* row : rows) symbols += static_cast<double>(row->symbols.size());
  return symbols;
}

double FramesOf(Rows rows) {
  double frames = 0;
  for (const EncodedSentence* row : rows) frames += static_cast<double>(row->steps());
  return frames;
}

// Of rows that have these shares of the frames and of the symbols of all that are meant.
Var Loss(Tape& tape, const VoiceNetwork& network, Rows rows, double frame_share, double symbol_share) {
  std::vector<std::span<const int32_t>> symbols;
  std::vector<std::span<const size_t>> durations;
  for (const EncodedSentence* row : rows) {
    symbols.emplace_back(row->symbols);
    durations.emplace_back(row->durations);
  }
  const VoiceTargets targets = MakeVoiceTargets(rows, network.design());
  const Var text = network.ReadText(tape, MakeVoiceText(symbols));
  const Var frames = network.Frames(tape, text, MakeVoicePlaces(durations));
  const Var of_frames = SquaredError(tape, frames, targets.frames, targets.frame_weights);
  const Var of_durations = SquaredError(tape, network.Durations(tape, text), targets.durations, targets.duration_weights);
  return Add(tape, Scale(tape, of_frames, static_cast<Real>(frame_share)),
             Scale(tape, of_durations, static_cast<Real>(kDurationShare * symbol_share)));
}

}  // namespace

double MeasureVoice(const VoiceNetwork& network, const std::vector<EncodedSentence>& sentences, Threads& threads,
                    ProcessGroup& group) {
  std::vector<const EncodedSentence*> all;
  for (const EncodedSentence& each : sentences) all.push_back(&each);
  const double frames = FramesOf(Rows(all)), symbols = SymbolsOf(all);
  const auto length = [&](size_t i) { return sentences[i].steps(); };
  const std::vector<std::vector<size_t>> batches = BatchesByLength(sentences.size(), length, kMostRows, kMostSteps);
  std::vector<double> losses;
  for (const std::vector<size_t>& places : OwnShare(group).Of(std::span<const std::vector<size_t>>(batches))) {
    std::vector<const EncodedSentence*> rows;
    for (const size_t place : places) rows.push_back(&sentences[place]);
    Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
    losses.push_back(
        double{tape.Value(Loss(tape, network, rows, FramesOf(Rows(rows)) / frames, SymbolsOf(rows) / symbols))[0]});
  }
  losses = Joined(group, std::move(losses));
  return std::accumulate(losses.begin(), losses.end(), 0.0);
}

VoiceTraining::VoiceTraining(VoiceNetwork& network, const std::vector<EncodedSentence>& train,
                             const std::vector<EncodedSentence>& held_out, const VoiceBatching& batching, uint64_t seed,
                             Threads& threads, Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      frames_(FramesOf(train)),
      epochs_(
          train.size(), [&train](size_t i) { return train[i].steps(); }, batching.rows, seed) {
  Require(!train.empty(), "train speak", "the recordings", "at least one that can be learned", "none");
}

double VoiceTraining::units_per_step() const { return frames_ / static_cast<double>(steps_per_epoch()); }

double VoiceTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step)));
  const std::span<const size_t> batch = epochs_.Batch(step);
  std::vector<const EncodedSentence*> all;
  for (const size_t i : batch) all.push_back(&train_[i]);
  const Rows rows = shard.Of(Rows(all));
  if (rows.empty()) return 0;
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  const Var loss = Loss(tape, network_, rows, FramesOf(rows) / FramesOf(Rows(all)), SymbolsOf(rows) / SymbolsOf(Rows(all)));
  const double share = double{tape.Value(loss)[0]};
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize VoiceTraining::held_out_size() const { return {FramesOf(held_out_), kLeastLook}; }

std::optional<double> VoiceTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.empty()) return std::nullopt;
  const double share = std::max(kLeastLook, most_units) / held_out_size().units;
  if (share >= 1) return MeasureVoice(network_, held_out_, threads_, group);
  std::vector<EncodedSentence> sample;
  for (const size_t i : EvenSample(held_out_.size(), share * static_cast<double>(held_out_.size()))) {
    sample.push_back(held_out_[i]);
  }
  return MeasureVoice(network_, sample, threads_, group);
}

}  // namespace eddy

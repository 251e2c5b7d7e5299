#include "tasks/compose/training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/even_sample.h"
#include "data/length_batches.h"
#include "eddy/error.h"
#include "tasks/compose/model.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr double kLeastLook = 4096;  // steps

size_t WindowsOf(const MusicPiece& piece, size_t window) { return (piece.steps() + window - 1) / window; }

double StepsOf(std::span<const MusicWindow> windows) {  // all of which count
  double steps = 0;
  for (const MusicWindow& window : windows) steps += static_cast<double>(window.steps);
  return steps;
}

}  // namespace

int DrawTranspose(const Room& room, const MusicBatching& batching, Random& random) {
  const int least = -std::min(batching.transpose, room.down), most = std::min(batching.transpose, room.up);
  const int drawn = least + static_cast<int>(random.Below(static_cast<uint64_t>(most - least + 1)));
  return batching.transposed < 1 && random.Uniform() < 1 - batching.transposed ? 0 : drawn;
}

ComposeTraining::ComposeTraining(ComposeNetwork& network, const MusicSet& train, const MusicSet& held_out,
                                 const MusicBatching& batching, uint64_t seed, Threads& threads, Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision) {
  Require(!train.pieces.empty(), "train compose", "the pieces", "at least one", "none");
  for (const MusicPiece& piece : train.pieces) {
    rooms_.push_back(network.design().events() ? Room{12, 12} : RoomOf(piece.frames));
    windows_ += WindowsOf(piece, batching.window);
  }
}

void ComposeTraining::StartFromCounts() {
  const ComposeDesign& design = network_.design();
  Tensor& bias = network_.head_bias();
  std::vector<double> counts(design.events() ? design.outputs() : kPianoKeys, 1);
  const double steps = static_cast<double>(train_.steps());
  for (const MusicPiece& piece : train_.pieces) {
    for (const RollFrame& frame : piece.frames) {
      for (const uint8_t key : frame) counts[static_cast<size_t>(key - kLowestKey)] += 1;
    }
    for (const int32_t event : piece.events) counts[static_cast<size_t>(event)] += 1;
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    const double all = design.events() ? steps + static_cast<double>(counts.size()) : steps + 2 - counts[i];
    bias[i] = static_cast<Real>(std::log(counts[i] / all));
  }
}

int64_t ComposeTraining::steps_per_epoch() const {
  return static_cast<int64_t>((windows_ + batching_.rows - 1) / batching_.rows);
}

double ComposeTraining::units_per_step() const {
  return static_cast<double>(train_.steps()) / static_cast<double>(steps_per_epoch());
}

void ComposeTraining::BeginStep(int64_t step) {
  const int64_t epoch = step / steps_per_epoch();
  if (epoch == epoch_) return;
  Random random(MixBits(seed_ ^ MixBits(static_cast<uint64_t>(epoch))));
  std::vector<MusicWindow> windows;
  for (size_t i = 0; i < train_.pieces.size(); ++i) {
    const MusicPiece& piece = train_.pieces[i];
    const size_t count = WindowsOf(piece, batching_.window), all = piece.steps();
    const size_t steps = std::min(all, batching_.window);
    for (size_t w = 0; w < count; ++w) {
      // Evenly over the piece, and up to half a window before or behind that.
      const auto last = static_cast<int64_t>(all - steps);
      int64_t begin = count == 1 ? 0 : last * static_cast<int64_t>(w) / static_cast<int64_t>(count - 1);
      if (count > 1) begin += static_cast<int64_t>(random.Below(steps)) - static_cast<int64_t>(steps / 2);
      const int transpose = DrawTranspose(rooms_[i], batching_, random);
      windows.push_back({&piece, static_cast<size_t>(std::clamp<int64_t>(begin, 0, last)), steps, transpose});
    }
  }
  std::vector<size_t> order(windows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  random.Shuffle(order);
  GroupByLength(
      order, [&](size_t i) { return windows[i].steps; }, batching_.rows, random);
  order_.clear();
  for (const size_t i : order) order_.push_back(windows[i]);
  epoch_ = epoch;
}

double ComposeTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = shard.Key(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  const size_t begin = static_cast<size_t>(step % steps_per_epoch()) * batching_.rows;
  const size_t count = std::min(batching_.rows, order_.size() - begin);
  const std::span<const MusicWindow> all = std::span(std::as_const(order_)).subspan(begin, count);
  const std::span<const MusicWindow> rows = shard.Of(all);
  if (rows.empty()) return 0;
  const MusicBatch batch = MakeMusicBatch(rows, network_.design(), /*first=*/true);
  Tape tape = worker.MakeTape(key, precision_);
  const Var loss = ShareOfLoss(tape, network_.Loss(tape, batch), shard, StepsOf(rows), StepsOf(all));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize ComposeTraining::held_out_size() const { return {static_cast<double>(held_out_.steps()), kLeastLook}; }

std::optional<double> ComposeTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.pieces.empty()) return std::nullopt;
  const double share = std::max(kLeastLook, most_units) / held_out_size().units;
  if (share >= 1) return MeasureMusic(network_, held_out_, MusicParts::kNone, threads_, group).nats;
  MusicSet sample;
  const size_t all = held_out_.pieces.size();
  for (const size_t i : EvenSample(all, share * static_cast<double>(all))) sample.pieces.push_back(held_out_.pieces[i]);
  return MeasureMusic(network_, sample, MusicParts::kNone, threads_, group).nats;
}

}  // namespace eddy

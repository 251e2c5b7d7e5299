#include "tasks/reserve/training.h"

#include <algorithm>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "train/process_exchange.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr double kUnknownShare = 0.2;  // of companies in a batch that are shown as ones never seen

bool HasTarget(const ReserveView& view) {
  return std::any_of(view.has_target.begin(), view.has_target.end(), [](uint8_t has) { return has != 0; });
}

}  // namespace

ReserveTraining::ReserveTraining(TrainedReserve& reserve, const TriangleSet& set, const ReserveBatching& batching,
                                 uint64_t seed, Threads& threads, Precision precision)
    : reserve_(reserve), batching_(batching), seed_(seed), threads_(threads), precision_(precision) {
  for (size_t i = 0; i < set.triangles.size(); ++i) {
    for (size_t calendar = 0; calendar < set.calendar; ++calendar) {
      for (ReserveView& view : ViewsAt(set, i, calendar, reserve.design())) {
        if (HasTarget(view)) views_.push_back(std::move(view));
      }
    }
  }
}

int64_t ReserveTraining::steps_per_epoch() const {
  return static_cast<int64_t>((views_.size() + batching_.rows - 1) / batching_.rows);
}

HeldOutSize ReserveTraining::held_out_size() const {
  const auto views = static_cast<double>(views_.size());
  return {views, views};
}

Tensor ReserveTraining::WeightsOf(std::span<const ReserveView* const> views, size_t member, bool left_out) const {
  const ReserveDesign& design = reserve_.design();
  Tensor weights({design.developments, views.size()});
  for (size_t b = 0; b < views.size(); ++b) {
    if (LeavesOut(member, *views[b], design) != left_out) continue;
    for (size_t t = 0; t < design.developments; ++t) weights[t * views.size() + b] = views[b]->has_target[t];
  }
  return weights;
}

Tensor ReserveTraining::TargetsOf(std::span<const ReserveView* const> views) const {
  const size_t N = reserve_.design().developments;
  Tensor targets({N, views.size()});
  for (size_t t = 0; t < N; ++t) {
    for (size_t b = 0; b < views.size(); ++b) targets[t * views.size() + b] = views[b]->targets[t];
  }
  return targets;
}

double ReserveTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = MixBits(seed_ ^ MixBits(static_cast<uint64_t>(step)));
  Random random(key);
  std::vector<const ReserveView*> all;
  std::vector<uint8_t> unknown;
  for (size_t b = 0; b < batching_.rows; ++b) {
    all.push_back(&views_[random.Below(views_.size())]);
    unknown.push_back(random.Uniform() < kUnknownShare);
  }
  const size_t begin = shard.begin(all.size()), end = shard.end(all.size());
  if (begin == end) return 0;
  const auto views = std::span<const ReserveView* const>(all).subspan(begin, end - begin);
  ReserveInput input = MakeReserveInput(views, reserve_.design());
  for (size_t i = 0; i < input.companies.size(); ++i) {
    if (unknown[begin + i % views.size()]) input.companies[i] = 0;
  }
  const Tensor targets = TargetsOf(views);
  Tape tape = worker.MakeTape(shard.Key(key), precision_);
  Var sum;
  const size_t members = reserve_.design().members;
  for (size_t m = 0; m < members; ++m) {
    const Tensor weights = WeightsOf(views, m, false);
    const double of_batch = shard.count == 1 ? 0 : Sum(WeightsOf(all, m, false));
    const Var loss = StudentTLoss(tape, reserve_.network().Forward(tape, input, m), targets, weights);
    const Var share = ShareOfLoss(tape, loss, shard, Sum(weights), of_batch);
    sum = sum ? Add(tape, sum, share) : share;
  }
  const double share = tape.Value(sum)[0] / static_cast<double>(members);
  tape.Backward(sum, worker.complete);
  return share;
}

std::optional<double> ReserveTraining::ValidateTogether(ProcessGroup& group, double) {
  const size_t members = reserve_.design().members;
  if (members == 1) return std::nullopt;
  std::vector<WeightedLoss> losses;
  for (size_t m = OwnShare(group).begin(members); m < OwnShare(group).end(members); ++m) {
    std::vector<const ReserveView*> left_out;
    for (const ReserveView& view : views_) {
      if (LeavesOut(m, view, reserve_.design())) left_out.push_back(&view);
    }
    if (left_out.empty()) continue;
    Tape tape(threads_, Tape::Mode::kInference);
    const Tensor counted = WeightsOf(left_out, m, true);
    const Var loss = StudentTLoss(tape, reserve_.network().Forward(tape, MakeReserveInput(left_out, reserve_.design()), m),
                                  TargetsOf(left_out), counted);
    losses.push_back({tape.Value(loss)[0], Sum(counted)});
  }
  return MeanOfAll(group, std::move(losses));
}

}  // namespace eddy

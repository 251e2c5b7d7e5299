#include "tasks/translate/training.h"

#include <algorithm>
#include <cmath>

#include "data/even_sample.h"
#include "eddy/error.h"
#include "eddy/loss.h"
#include "kernels/loops.h"
#include "kernels/math.h"
#include "tasks/translate/model.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr double kLeastLook = 256;  // pairs

// The token at which the cumulative softmax of logits [V] passes `uniform`.
int32_t Draw(const Real* logits, size_t V, double uniform) {
  const SoftmaxScale scale = ScaleOfSoftmax(logits, V);
  double left = uniform * scale.sum;
  for (size_t v = 0; v + 1 < V; ++v) {
    left -= std::exp(static_cast<double>(logits[v] - scale.max));
    if (left < 0) return static_cast<int32_t>(v);
  }
  return static_cast<int32_t>(V - 1);
}

}  // namespace

TranslatorTraining::TranslatorTraining(TranslatorNetwork& network, const EncodedPairs& train, const EncodedPairs& held_out,
                                       const TranslatorBatching& batching, uint64_t seed, Threads& threads,
                                       Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      epochs_(
          train.size(), [&train](size_t i) { return train[i].source.size() + train[i].target.size(); }, batching.rows,
          seed) {
  Require(!train.empty(), "train translate", "the pairs", "at least one", "none");
}

void TranslatorTraining::StartFromCounts() {
  const Tensor& bias = network_.head_bias();
  std::vector<double> counts(bias.size(), 1);  // a token of none must not have a share of 0
  double total = static_cast<double>(bias.size());
  for (size_t i = 0; i < train_.size(); ++i) {
    for (const int32_t token : train_[i].target) counts[static_cast<size_t>(token)] += 1;
    total += static_cast<double>(train_[i].target.size());
  }
  for (size_t v = 0; v < counts.size(); ++v) bias[v] = static_cast<Real>(std::log(counts[v] / total));
}

double TranslatorTraining::units_per_step() const {
  return static_cast<double>(train_.size()) / static_cast<double>(steps_per_epoch());
}

void TranslatorTraining::DrawInputs(TokenBatch& inputs, const TokenBatch& source, double share, uint64_t key,
                                    Threads& threads) const {
  Tape tape(threads, Tape::Mode::kInference, 0, precision_);
  const TranslatorNetwork::Memory memory = network_.Read(tape, source);
  const Tensor logits = tape.Value(network_.Write(tape, inputs, memory, memory.state).logits);
  const size_t B = inputs.sequence.rows, V = logits.dim(2);
  const uint64_t which = MixBits(key + 1), what = MixBits(key + 2);
  // The first input is always the end token; input t is predicted by step t - 1.
  ForRows(threads, inputs.tokens.size() - B, V, [&](size_t i) {
    if (RandomAt(which, i) < share) inputs.tokens[i + B] = Draw(logits.data() + i * V, V, RandomAt(what, i));
  });
}

double TranslatorTraining::TokensWritten(std::span<const size_t> pairs) const {
  double tokens = 0;
  for (const size_t i : pairs) tokens += static_cast<double>(train_[i].target.size());
  return tokens;
}

double TranslatorTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = shard.Key(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  const std::span<const size_t> batch_rows = epochs_.Batch(step), rows = shard.Of(batch_rows);
  std::vector<std::span<const int32_t>> sources, targets;
  for (const size_t i : rows) {
    sources.emplace_back(train_[i].source);
    targets.emplace_back(train_[i].target);
  }
  if (sources.empty()) return 0;
  const TokenBatch source = MakeTokenBatch(sources), target = MakeTokenBatch(targets);
  TokenBatch inputs = ShiftTargets(target, network_.design().target.vocabulary.end());
  const double risen = static_cast<double>(step) / (kSamplingEpochs * static_cast<double>(steps_per_epoch()));
  const double sampled = batching_.scheduled_sampling * std::min(1.0, risen);
  if (sampled > 0) DrawInputs(inputs, source, sampled, key, worker.threads);

  Tape tape = worker.MakeTape(key, precision_);
  const TranslatorNetwork::Memory memory = network_.Read(tape, source);
  const Var logits = network_.Write(tape, inputs, memory, memory.state).logits;
  const Var mean = SoftmaxCrossEntropy(tape, logits, TargetsOf(target), batching_.label_smoothing);
  const Var loss = ShareOfLoss(tape, mean, shard, TokensWritten(rows), TokensWritten(batch_rows));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize TranslatorTraining::held_out_size() const { return {static_cast<double>(held_out_.size()), kLeastLook}; }

std::optional<double> TranslatorTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.empty()) return std::nullopt;
  const std::vector<size_t> looked_at = EvenSample(held_out_.size(), std::max(kLeastLook, most_units));
  return NatsPerToken(network_, held_out_.At(looked_at), threads_, group);
}

}  // namespace eddy

#include "tasks/translate/training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/even_sample.h"
#include "data/length_batches.h"
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

TranslatorTraining::TranslatorTraining(TranslatorNetwork& network, const std::vector<EncodedPair>& train,
                                       const std::vector<EncodedPair>& held_out, const TranslatorBatching& batching,
                                       uint64_t seed, Threads& threads, Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision) {
  Require(!train.empty(), "train translate", "the pairs", "at least one", "none");
  for (const EncodedPair& pair : train) lengths_.push_back(pair.source.size() + pair.target.size());
}

void TranslatorTraining::StartFromCounts() {
  const Tensor& bias = network_.head_bias();
  std::vector<double> counts(bias.size(), 1);  // a token of none must not have a share of 0
  double total = static_cast<double>(bias.size());
  for (const EncodedPair& pair : train_) {
    for (const int32_t token : pair.target) counts[static_cast<size_t>(token)] += 1;
    total += static_cast<double>(pair.target.size());
  }
  for (size_t v = 0; v < counts.size(); ++v) bias[v] = static_cast<Real>(std::log(counts[v] / total));
}

int64_t TranslatorTraining::steps_per_epoch() const {
  return static_cast<int64_t>((train_.size() + batching_.rows - 1) / batching_.rows);
}

double TranslatorTraining::units_per_step() const {
  return static_cast<double>(train_.size()) / static_cast<double>(steps_per_epoch());
}

const std::vector<size_t>& TranslatorTraining::EpochOf(int64_t epoch) {
  if (epoch == epoch_) return order_;
  Random random(MixBits(seed_ ^ MixBits(static_cast<uint64_t>(epoch))));
  order_.resize(train_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  random.Shuffle(order_);
  GroupByLength(
      order_, [&](size_t i) { return lengths_[i]; }, batching_.rows, random);
  epoch_ = epoch;
  return order_;
}

void TranslatorTraining::DrawInputs(TokenBatch& inputs, const TokenBatch& source, double share, uint64_t key) {
  Tape tape(threads_, Tape::Mode::kInference, 0, precision_);
  const TranslatorNetwork::Memory memory = network_.Read(tape, source);
  const Tensor logits = tape.Value(network_.Write(tape, inputs, memory, memory.state).logits);
  const size_t B = inputs.sequence.rows, V = logits.dim(2);
  const uint64_t which = MixBits(key + 1), what = MixBits(key + 2);
  // The first input is always the end token; input t is predicted by step t - 1.
  ForRows(threads_, inputs.tokens.size() - B, V, [&](size_t i) {
    if (RandomAt(which, i) < share) inputs.tokens[i + B] = Draw(logits.data() + i * V, V, RandomAt(what, i));
  });
}

double TranslatorTraining::Step(int64_t step, Shard shard) {
  const uint64_t key = shard.Key(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  const std::vector<size_t>& order = EpochOf(step / steps_per_epoch());
  const size_t first = static_cast<size_t>(step % steps_per_epoch()) * batching_.rows;
  const size_t rows = std::min(batching_.rows, order.size() - first);
  std::vector<std::span<const int32_t>> sources, targets;
  size_t tokens = 0, tokens_of_batch = 0;  // that are written, the end among them
  for (size_t row = 0; row < rows; ++row) {
    const EncodedPair& pair = train_[order[first + row]];
    tokens_of_batch += pair.target.size();
    if (row < shard.begin(rows) || row >= shard.end(rows)) continue;
    tokens += pair.target.size();
    sources.emplace_back(pair.source);
    targets.emplace_back(pair.target);
  }
  if (sources.empty()) return 0;
  const TokenBatch source = MakeTokenBatch(sources), target = MakeTokenBatch(targets);
  TokenBatch inputs = ShiftTargets(target, network_.design().target.vocabulary.end());
  const double risen = static_cast<double>(step) / (kSamplingEpochs * static_cast<double>(steps_per_epoch()));
  const double sampled = batching_.scheduled_sampling * std::min(1.0, risen);
  if (sampled > 0) DrawInputs(inputs, source, sampled, key);

  Tape tape(threads_, Tape::Mode::kTraining, key, precision_);
  const TranslatorNetwork::Memory memory = network_.Read(tape, source);
  const Var logits = network_.Write(tape, inputs, memory, memory.state).logits;
  const Var mean = SoftmaxCrossEntropy(tape, logits, TargetsOf(target), batching_.label_smoothing);
  const Var loss = ShareOfLoss(tape, mean, shard, static_cast<double>(tokens), static_cast<double>(tokens_of_batch));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss);
  return share;
}

HeldOutSize TranslatorTraining::held_out_size() const { return {static_cast<double>(held_out_.size()), kLeastLook}; }

std::optional<double> TranslatorTraining::Validate(double most_units) {
  if (held_out_.empty()) return std::nullopt;
  if (most_units >= held_out_size().units) return NatsPerToken(network_, held_out_, threads_);
  std::vector<EncodedPair> sample;
  for (const size_t i : EvenSample(held_out_.size(), std::max(kLeastLook, most_units))) sample.push_back(held_out_[i]);
  return NatsPerToken(network_, sample, threads_);
}

}  // namespace eddy

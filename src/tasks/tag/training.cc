#include "tasks/tag/training.h"

#include <algorithm>
#include <cmath>

#include "data/even_sample.h"
#include "eddy/error.h"
#include "tasks/tag/model.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr double kLeastLook = 4096;  // tokens

}  // namespace

TaggerTraining::TaggerTraining(TaggerNetwork& network, const TaggedTokens& train, const TaggedTokens& held_out,
                               const TaggerBatching& batching, uint64_t seed, Threads& threads, Precision precision)
    : network_(network),
      train_(train),
      held_out_(held_out),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      dropped_(network.design().words.size()),
      epochs_(
          train.tokens.rows.size(), [&train](size_t i) { return train.tokens.rows[i].words.size(); }, batching.rows, seed) {
  Require(!train.tokens.rows.empty(), "train tag", "the sequences", "at least one", "none");
  for (const EncodedTokens::Row& row : train.tokens.rows) {
    for (const int32_t word : row.words) dropped_[static_cast<size_t>(word)] += 1;
    tokens_ += static_cast<double>(row.words.size());
  }
  const double a = batching.word_dropout / (1 - batching.word_dropout);
  for (double& count : dropped_) count = count > 0 ? a / (a + count) : 0;
}

void TaggerTraining::StartFromCounts() {
  Tensor& bias = network_.head_bias();
  std::vector<double> counts(bias.size(), 1);  // a tag of none must not have a share of 0
  for (const std::vector<int32_t>& tags : train_.tags) {
    for (const int32_t tag : tags) counts[static_cast<size_t>(tag)] += 1;
  }
  for (size_t k = 0; k < counts.size(); ++k) {
    bias[k] = static_cast<Real>(std::log(counts[k] / (tokens_ + static_cast<double>(counts.size()))));
  }
}

double TaggerTraining::units_per_step() const { return tokens_ / static_cast<double>(steps_per_epoch()); }

double TaggerTraining::CountTokens(std::span<const size_t> rows) const {
  double tokens = 0;
  for (const size_t row : rows) tokens += static_cast<double>(train_.tokens.rows[row].words.size());
  return tokens;
}

double TaggerTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = shard.Key(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  const std::span<const size_t> batch_rows = epochs_.Batch(step), rows = shard.Of(batch_rows);
  if (rows.empty()) return 0;
  TaggerBatch batch = MakeTaggerBatch(train_.tokens, rows);
  for (size_t i = 0; i < batch.words.size(); ++i) {
    const bool drop = RandomAt(key, i) < dropped_[static_cast<size_t>(batch.words[i])];
    if (drop) batch.words[i] = network_.design().words.unknown();
  }
  Tape tape = worker.MakeTape(key, precision_);
  const Var scores = network_.Scores(tape, batch);
  const Var mean = network_.Loss(tape, scores, BatchTags(train_.tags, rows, batch.sequence), batch.sequence);
  const Var loss = ShareOfLoss(tape, mean, shard, CountTokens(rows), CountTokens(batch_rows));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize TaggerTraining::held_out_size() const {
  double tokens = 0;
  for (const EncodedTokens::Row& row : held_out_.tokens.rows) tokens += static_cast<double>(row.words.size());
  return {tokens, kLeastLook};
}

std::optional<double> TaggerTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.tokens.rows.empty()) return std::nullopt;
  const double share = std::max(kLeastLook, most_units) / held_out_size().units;
  if (share >= 1) return CalibrateTags(network_, held_out_.tokens, held_out_.tags, threads_, group).loss;
  TaggedTokens sample;
  sample.tokens.spellings = held_out_.tokens.spellings;
  const size_t all = held_out_.tokens.rows.size();
  for (const size_t i : EvenSample(all, share * static_cast<double>(all))) {
    sample.tokens.rows.push_back(held_out_.tokens.rows[i]);
    sample.tags.push_back(held_out_.tags[i]);
  }
  return CalibrateTags(network_, sample.tokens, sample.tags, threads_, group).loss;
}

}  // namespace eddy

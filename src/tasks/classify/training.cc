#include "tasks/classify/training.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/even_sample.h"
#include "data/halves.h"
#include "eddy/error.h"
#include "eddy/loss.h"
#include "metrics/temperature.h"
#include "tasks/classify/model.h"
#include "tasks/classify/word_start.h"
#include "train/process_exchange.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

std::vector<size_t> CountClasses(const std::vector<int32_t>& targets, size_t classes) {
  std::vector<size_t> counts(classes);
  for (const int32_t target : targets) ++counts[static_cast<size_t>(target)];
  return counts;
}

constexpr double kLeastLook = 256;  // examples

}  // namespace

LabelledSample::LabelledSample(const LabelledExamples& all, const std::vector<size_t>& places) {
  for (const size_t i : places) {
    examples.push_back(all.examples[i]);
    targets.push_back(all.targets[i]);
  }
}

ClassifierTraining::ClassifierTraining(ClassifierNetwork& network, const LabelledExamples& train, LabelledSample held_out,
                                       const ClassifierBatching& batching, uint64_t seed, Threads& threads,
                                       Precision precision)
    : network_(network),
      train_(train),
      held_out_(std::move(held_out)),
      batching_(batching),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      epochs_(
          train.examples.size(),
          [this](size_t i) {
            const EncodedExample example = train_.examples[i];
            return example.steps / SegmentsOf(example, network_.design());
          },
          batching.rows, seed, [this](Random& random) { return DrawEpoch(random); }) {
  Require(!train.examples.empty(), "train classify", "the examples", "at least one", "none");
  const std::vector<size_t> counts = CountClasses(train.targets, network.design().classes.size());
  double total = 0;
  for (const size_t count : counts) {
    const auto n = static_cast<double>(count);
    draws_.push_back(count > 0 ? std::pow(n, -batching.balance) : 0);
    total += n * draws_.back();
  }
  for (double& draws : draws_) draws *= static_cast<double>(train.examples.size()) / total;
}

void ClassifierTraining::StartFromCounts() {
  const std::vector<size_t> counts = CountClasses(train_.targets, draws_.size());
  Tensor& bias = network_.head_bias();
  for (size_t c = 0; c < counts.size(); ++c) {
    const double drawn = draws_[c] * static_cast<double>(counts[c]) + 1;  // a class of none must not have a share of 0
    bias[c] = static_cast<Real>(std::log(drawn / static_cast<double>(train_.targets.size() + counts.size())));
  }
  if (network_.design().is_text())
    StartFromRatios(network_.embedding().value, train_.examples, train_.targets, counts.size());
}

double ClassifierTraining::units_per_step() const {
  return static_cast<double>(train_.examples.size()) / static_cast<double>(steps_per_epoch());
}

// As many examples as there are, each as often as draws_ says on average, to within one (systematic sampling).
std::vector<size_t> ClassifierTraining::DrawEpoch(Random& random) const {
  const size_t n = train_.examples.size();
  std::vector<size_t> examples(n), drawn;
  std::iota(examples.begin(), examples.end(), size_t{0});
  random.Shuffle(examples);
  double passed = random.Uniform();
  for (const size_t example : examples) {
    passed += draws_[static_cast<size_t>(train_.targets[example])];
    while (static_cast<double>(drawn.size() + 1) <= passed && drawn.size() < n) drawn.push_back(example);
  }
  while (drawn.size() < n) drawn.push_back(examples.back());  // lost to rounding
  random.Shuffle(drawn);
  return drawn;
}

double ClassifierTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const uint64_t key = shard.Key(MixBits(~seed_ ^ MixBits(static_cast<uint64_t>(step))));
  const std::span<const size_t> batch_rows = epochs_.Batch(step);
  const ClassifierDesign& design = network_.design();
  std::vector<EncodedExample> rows;
  std::vector<int32_t> targets;
  for (const size_t i : shard.Of(batch_rows)) {
    const EncodedExample example = train_.examples[i];
    const size_t segments = SegmentsOf(example, design);
    const auto drawn = static_cast<size_t>(RandomAt(MixBits(~key), i) * static_cast<float>(segments));
    rows.push_back(SegmentOf(example, std::min(drawn, segments - 1), design));
    targets.push_back(train_.targets[i]);
  }
  if (rows.empty()) return 0;
  ClassifierBatch batch = MakeClassifierBatch(rows, design);
  for (size_t i = 0; i < batch.tokens.size(); ++i) {
    if (RandomAt(key, i) < batching_.word_dropout) batch.tokens[i] = design.sentences.vocabulary.unknown();
  }

  Tape tape = worker.MakeTape(key, precision_);
  const Var logits = network_.Logits(tape, network_.Read(tape, batch), batch.sequence);
  const Var loss = ShareOfLoss(tape, SoftmaxCrossEntropy(tape, logits, targets), shard, static_cast<double>(rows.size()),
                               static_cast<double>(batch_rows.size()));
  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  return share;
}

HeldOutSize ClassifierTraining::held_out_size() const {
  return {static_cast<double>(held_out_.examples.size()), kLeastLook};
}

std::optional<double> ClassifierTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  if (held_out_.examples.empty()) return std::nullopt;
  const std::vector<size_t> places = EvenSample(held_out_.examples.size(), std::max(kLeastLook, most_units));
  const std::vector<double> logits =
      ClassLogits(network_, At(held_out_.examples, places), threads_, group, Voices::kNetwork);
  return FitTemperature(logits, At(held_out_.targets, places), network_.design().classes.size()).loss;
}

}  // namespace eddy

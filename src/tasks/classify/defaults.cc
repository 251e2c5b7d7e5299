#include "tasks/classify/defaults.h"

#include <algorithm>

#include "base/median.h"

namespace eddy {
namespace {

constexpr double kImbalance = 3;  // between the most frequent class and the rarest, from which on rare ones are favoured
constexpr size_t kMinCount = 2;
constexpr double kLeastEpochs = 6;    // over sentences
constexpr double kLeastSteps = 1200;  // so that a few sentences are learned, too

SentenceFormat FormatOf(const ExampleSet& train, const SentenceOptions& options) {
  return {options.unit, SentenceVocabulary(CutExamples(train, options.unit), kMinCount, options.most_tokens)};
}

// Over the steps of all examples.
std::vector<Scaling> ScalingsOf(const ExampleSet& train) {
  const size_t D = train.columns.size();
  std::vector<Scaling> scalings;
  for (size_t column = 0; column < D; ++column) {
    std::vector<double> values;
    std::vector<uint8_t> known;
    for (size_t k = 0; k < train.size(); ++k) {
      const std::span<const double> series = train[k].values();
      for (size_t i = column; i < series.size(); i += D) {
        values.push_back(series[i]);
        known.push_back(series[i] == series[i]);  // not NaN
      }
    }
    scalings.push_back(ScalingOf(ScalingKind::kStandard, {values, known}));
  }
  return scalings;
}

// The median length of series; a phrase of a sentence, whose parts are pooled.
size_t SpanOf(const ExampleSet& train, TextUnit unit) {
  if (train.columns.empty()) return unit == TextUnit::kCharacters ? 100 : 20;
  std::vector<size_t> steps;
  for (size_t i = 0; i < train.size(); ++i) steps.push_back(train.steps(i));
  return UpperMedian(steps);
}

double BalanceOf(const ExampleSet& train) {
  std::unordered_map<std::string, size_t> counts;
  for (size_t i = 0; i < train.size(); ++i) ++counts[train[i].label()];
  size_t most = 0, fewest = train.size();
  for (const auto& [label, count] : counts) {
    most = std::max(most, count);
    fewest = std::min(fewest, count);
  }
  return static_cast<double>(most) >= kImbalance * static_cast<double>(fewest) ? 0.5 : 0;
}

}  // namespace

ClassifierSetup DefaultClassifierSetup(const ExampleSet& train, const ExampleFields& fields,
                                       const std::vector<std::string>& classes, const SentenceOptions& sentences) {
  ClassifierSetup setup;
  ClassifierDesign& design = setup.design;
  design.fields = fields;
  design.fields.columns = train.columns;
  design.classes = classes;
  StackOptions stack;
  stack.bidirectional = true;
  setup.batching.balance = BalanceOf(train);
  setup.span = SpanOf(train, sentences.unit);
  const auto train_size = static_cast<double>(train.size());
  TrainingOptions& training = setup.training;
  training.schedule.warmup = 0.05;
  training.schedule.rate = 2e-3;
  training.average_decay = 0.99;
  training.patience = 8;
  if (fields.is_text()) {
    design.sentences = FormatOf(train, sentences);
    design.embedding = 128;
    stack.layer.hidden = 128;
    design.dropout = 0.6;
    setup.batching.rows = 32;
    setup.batching.word_dropout = 0.3;
    training.schedule.rate = 1e-3;
    training.optimizer.weight_decay = 0.01;
    training.limit = "epochs";
    training.amount = std::max(kLeastEpochs, kLeastSteps * static_cast<double>(setup.batching.rows) / train_size);
  } else {
    design.scalings = ScalingsOf(train);
    stack.layer.hidden = 128;
    design.dropout = 0.5;
    setup.batching.rows = 16;
    training.limit = "steps";
    training.amount = 1500;
  }
  stack.dropout = design.dropout;
  design.encoder = {design.inputs(), {stack}};
  return setup;
}

}  // namespace eddy

#include "tasks/text/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "floors/ngram.h"
#include "model/architecture.h"
#include "tasks/reading.h"
#include "tasks/text/defaults.h"
#include "tasks/text/report.h"
#include "tasks/text/result.h"
#include "tasks/text/training.h"

namespace eddy {
namespace {

Json CheckedJson(LanguageModelOptions options) {
  OptionTable table;
  DeclareText(options, table);
  DeclareTraining(options, table);
  table.Check("text");
  return table.ToJson();
}

// What was given, as far as one step has use for it: a step reads each token of an epoch once at most.
void Override(TextBatching& batching, const LanguageModelOptions& options, size_t tokens) {
  if (options.k1 > 0) {
    const size_t most = std::max<size_t>(tokens / (options.train.batch ? 1 : batching.rows), 1);
    batching.k1 = std::min(options.k1, most);
    batching.k2 = std::min(options.k2, most);
  }
  if (options.train.batch) batching.rows = std::min(*options.train.batch, std::max<size_t>(tokens / batching.k1, 1));
}

TextSetup MakeSetup(const LanguageModelOptions& options, const LoadedText& loaded) {
  const Json given_json = CheckedJson(options);
  TextSetup setup = DefaultTextSetup(loaded.split);
  const TrainOptions& given = options.train;
  TextDesign& design = setup.network;
  Override(design.encoder, given, kTextSpan);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  design.tied = options.tie;
  if (options.tie) design.embedding = OutputWidth(design.encoder.layers.back());
  if (options.embedding) design.embedding = *options.embedding;
  if (given.dropout) design.dropout = *given.dropout;
  Override(setup.batching, options, loaded.split.train.predicted());
  setup.label_smoothing = options.label_smoothing;
  setup.training.fingerprint = {{"task", kTextTask},
                                {"network", ToJson(design)},
                                {"batch", setup.batching.rows},
                                {"unroll", {setup.batching.k1, setup.batching.k2}},
                                {"options", given_json},
                                {"text", loaded.fingerprint}};
  return setup;
}

class TextJob : public Job {
 public:
  TextJob(LoadedText data, const LanguageModelOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_)),
        model_{data_.split.format, TextNetwork(setup_.network, options.train.seed), {}},
        training_(model_.network, data_.split, setup_.batching, setup_.label_smoothing, options.train.seed, context.threads,
                  options.train.precision) {
    SayWhatIsTrained(options, context);
    const TextSplit& text = data_.split;
    result_.unit = text.format.unit;
    result_.bytes = text.valid.bytes;
    result_.unknown = text.valid.unknown;
    result_.unknown_bytes = text.valid.unknown_bytes;
    context.live("Counting n-grams to compare with ...");
    result_.floor = BestNgram(text.train, text.valid, text.format.vocabulary.size());
    context.line(fmt::format("To beat: {:.4f} {} ({})", result_.floor->nats, measure(), result_.floor->Name()));
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return std::string(TextUnitName(result_.unit)); }
  std::string measure() const override { return LossUnit(result_.unit); }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    result_.score = MeasureText(model_.network, data_.split.valid, Measure::kExact, context.threads);
    model_.training = {
        {"text", ToJson(data_.source)},
        {"options", setup_.training.fingerprint},
        {"steps", run.steps},
        {"best_step", run.best_step},
        {"tokens", data_.split.train.predicted()},
        {"held_out", {{"tokens", result_.score.tokens}, {"nats", result_.score.nats}, {"bytes", result_.bytes}}},
        {"floor", {{"name", result_.floor->Name()}, {"nats", result_.floor->nats}}}};
    return MakeOutcome(result_);
  }

  Model ToModel(Threads&) override { return PackTextModel(model_); }

  Report MakeReport(Threads& threads) override {
    const TextOutcome outcome = CompareWithFloor(result_.score.nats, *result_.floor, result_.unit);
    return MakeTextReport(model_, data_.split.valid, outcome, run_, data_.source.files.front(), threads);
  }

 private:
  void SayWhatIsTrained(const LanguageModelOptions& options, TaskContext& context) {
    const TextSplit& text = data_.split;
    context.line(fmt::format("Text: {} {} to learn, {} held out, {} different", text.train.predicted(),
                             TextUnitName(text.format.unit), text.valid.predicted(), text.format.vocabulary.size()));
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    if (options.k1 > 0) SayClipped("unroll", options.k2, setup_.batching.k2, context);
    context.line(fmt::format("Network: {}, {} weights; batch {}, unroll {}", Describe(setup_.network.encoder),
                             CountWeights(model_.network.parameters()), setup_.batching.rows, setup_.batching.k1));
  }

  const LoadedText data_;
  const TextSetup setup_;
  TextModel model_;
  TextTraining training_;
  TrainingResult run_;
  TextResult result_;
};

}  // namespace

LoadedText LoadText(const std::vector<std::string>& files, const LanguageModelOptions& options) {
  TextOptions text = options.text;
  if (options.held_out.file.empty()) text.valid = options.held_out.share;
  return LoadText(files, options.held_out.file, text);
}

std::unique_ptr<Job> MakeTextJob(LoadedText data, const LanguageModelOptions& options, TaskContext& context) {
  return std::make_unique<TextJob>(std::move(data), options, context);
}

}  // namespace eddy

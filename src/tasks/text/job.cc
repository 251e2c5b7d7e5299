#include "tasks/text/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/counted.h"
#include "floors/ngram.h"
#include "model/architecture.h"
#include "tasks/reading.h"
#include "tasks/text/defaults.h"
#include "tasks/text/report.h"
#include "tasks/text/result.h"
#include "tasks/text/training.h"
#include "train/checkpoint.h"
#include "train/measured_share.h"
#include "train/start.h"

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
  if (loaded.start) {
    design = loaded.start->network.options();
    design.vocabulary = loaded.split.format.vocabulary.size();
  }
  Override(design.encoder, given, kTextSpan);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  design.tied = design.tied || options.tie;
  if (options.tie) design.embedding = OutputWidth(design.encoder.layers.back());
  if (options.embedding) design.embedding = *options.embedding;
  if (given.dropout) design.dropout = *given.dropout;
  Override(setup.batching, options, loaded.split.train.predicted());
  setup.batching.shards = ShardsWithin(setup.batching.rows, setup.batching.k1, given);
  setup.label_smoothing = options.label_smoothing;
  setup.provenance = {{"task", kTextTask},
                      {"network", ToJson(design)},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"unroll", {setup.batching.k1, setup.batching.k2}},
                      {"options", given_json},
                      {"text", loaded.fingerprint}};
  if (loaded.start) setup.provenance["start"] = HashOfWeights(loaded.start->network.parameters());
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

// Tokens that are new begin as the unknown one, which stood for them.
void GoOnFrom(TextModel& start, const std::string& source, TextModel& model) {
  GrowingRows tokens;
  tokens.parameters = {"embedding.weight", "softmax.weight", "softmax.bias"};
  tokens.pattern = static_cast<size_t>(std::max(start.format.vocabulary.unknown(), 0));
  StartFrom(model.network.parameters(), start.network.parameters(), tokens, source);
}

// Up to so many held-out tokens are measured after the shortest run.
constexpr double kExactTokens = 131'072;

// The floor is scored before it is known how much the network will be measured on: a sample of these pieces, where that is
// not all. It reads no more of what is held out than of what it learns from.
std::vector<Piece> PiecesForFloor(const Corpus& held_out, bool exact) {
  return SampledPieces(held_out, exact ? std::numeric_limits<double>::infinity() : kMostNgramTokens);
}

class TextJob : public Job {
 public:
  TextJob(LoadedText data, const LanguageModelOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_)),
        model_{data_.split.format, TextNetwork(setup_.network, options.train.seed), {}},
        training_(model_.network, data_.split, setup_.batching, setup_.label_smoothing, options.train.seed, context.threads,
                  options.train.precision),
        exact_(options.exact) {
    if (data_.start) GoOnFrom(*data_.start, options.start, model_);
    SayWhatIsTrained(options, context);
    const TextSplit& text = data_.split;
    result_.unit = text.format.unit;
    result_.bytes = text.valid.bytes;
    result_.unknown = text.valid.unknown;
    result_.held_out = text.valid.predicted();
    result_.unknown_bytes = text.valid.unknown_bytes;
    context.live("Counting n-grams to compare with ...");
    pieces_ = PiecesForFloor(text.valid, options.exact);
    result_.floor = BestNgram(text.train, text.valid, text.format.vocabulary.size(), pieces_, context.group);
    context.line(fmt::format("To beat: {:.4f} {} ({})", result_.floor->nats, measure(), result_.floor->Name()));
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return std::string(TextUnitName(result_.unit)); }
  std::string measure() const override { return LossUnit(result_.unit); }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    MeasureSample(UnitsToMeasure(training_, run, kExactTokens, exact_), context);
    model_.training = {{"text", ToJson(data_.source)},
                       {"options", setup_.provenance},
                       {"steps", run.steps},
                       {"best_step", run.best_step},
                       {"tokens", data_.split.train.predicted()},
                       {"held_out",
                        {{"tokens", result_.held_out},
                         {"measured", result_.score.tokens},
                         {"nats", result_.score.nats},
                         {"bytes", result_.bytes}}},
                       {"floor", {{"name", result_.floor->Name()}, {"nats", result_.floor->nats}}}};
    return MakeOutcome(result_);
  }

  Model ToModel(Threads&) override { return PackTextModel(model_); }

  Report MakeReport(Threads& threads) override {
    const TextOutcome outcome = CompareWithFloor(result_.score, *result_.floor, result_.unit);
    return MakeTextReport(model_, data_.split.valid, outcome, run_, data_.source.files.front(), threads);
  }

 private:
  // The network on about `most` tokens, and the floor on the same ones.
  void MeasureSample(double most, TaskContext& context) {
    const Corpus& held_out = data_.split.valid;
    if (most >= static_cast<double>(result_.held_out) && CountedTokens(pieces_) == result_.held_out) {
      result_.score = MeasureText(model_.network, held_out, Measure::kExact, context.threads, context.group);
      return;
    }
    const std::vector<size_t> places = SamplePlaces(pieces_, most);
    std::vector<Piece> sample;
    double floor = 0;
    for (const size_t place : places) {
      sample.push_back(pieces_[place]);
      floor += result_.floor->piece_nats[place];
    }
    result_.score = MeasureText(model_.network, held_out, sample, context.threads, context.group);
    result_.floor->nats = floor / static_cast<double>(CountedTokens(sample));
  }

  void SayWhatIsTrained(const LanguageModelOptions& options, TaskContext& context) {
    const TextSplit& text = data_.split;
    context.line(fmt::format("Text: {} {} to learn, {} held out, {} different", text.train.predicted(),
                             TextUnitName(text.format.unit), text.valid.predicted(), text.format.vocabulary.size()));
    if (const size_t least = data_.source.options.min_count; least > 1) {
      context.line(
          fmt::format("Those that occur less than {} times are one, \"unknown\" (--vocabulary N keeps up to N)", least));
    }
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    if (options.k2 > 0) SayClipped("unroll", options.k2, setup_.batching.k2, context);
    if (data_.start) {
      const size_t fresh = text.format.vocabulary.size() - data_.start->format.vocabulary.size();
      context.line(StartLine(options.start, fresh, "token"));
    }
    context.line(fmt::format("Network: {}, {} weights; batch {}, unroll {}", Describe(setup_.network.encoder),
                             CountWeights(model_.network.parameters()), setup_.batching.rows, setup_.batching.k1));
  }

  const LoadedText data_;
  const TextSetup setup_;
  TextModel model_;
  TextTraining training_;
  const bool exact_;
  std::vector<Piece> pieces_;  // of what is held out, on which the floor was scored
  TrainingResult run_;
  TextResult result_;
};

TextModel LoadStart(const LanguageModelOptions& options) {
  TextModel model = UnpackTextModel(LoadModel(options.start, kTextTask));
  const bool same =
      (options.unit == TextUnit::kCharacters || options.unit == model.format.unit) && (!options.lines || model.format.lines);
  Require(same, "train", options.start, "of the unit and lines asked for, to start from",
          std::string("of ") + std::string(TextUnitName(model.format.unit)) + (model.format.lines ? " in lines" : ""));
  RequireFloat32(model.network.options().encoder.precision, options.start);
  return model;
}

}  // namespace

LoadedText LoadText(const std::vector<Data>& files, const LanguageModelOptions& options, ProcessGroup& group) {
  TextOptions text;
  text.unit = options.unit;
  text.lines = options.lines;
  text.most_tokens = options.vocabulary;
  if (options.held_out.file.empty()) text.valid = options.held_out.share;
  if (options.start.empty()) return LoadText(files, options.held_out.file, text, nullptr, group);
  const auto start = std::make_shared<TextModel>(LoadStart(options));
  text.unit = start->format.unit;
  text.lines = start->format.lines;
  LoadedText loaded = LoadText(files, options.held_out.file, text, &start->format.vocabulary, group);
  loaded.start = start;
  return loaded;
}

std::unique_ptr<Job> MakeTextJob(LoadedText data, const LanguageModelOptions& options, TaskContext& context) {
  return std::make_unique<TextJob>(std::move(data), options, context);
}

}  // namespace eddy

#include "tasks/translate/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/architecture.h"
#include "tasks/given_vectors.h"
#include "tasks/reading.h"
#include "tasks/train_options.h"
#include "tasks/translate/report.h"
#include "tasks/translate/result.h"
#include "train/checkpoint.h"
#include "train/start.h"

namespace eddy {
namespace {

void Override(TranslatorDesign& design, const TranslatorOptions& options) {
  const TrainOptions& given = options.train;
  TrainOptions reading = given;
  if (given.hidden) reading.hidden = (*given.hidden + 1) / 2;  // in each direction
  Override(design.encoder, reading);
  Override(design.decoder, given);
  for (StackOptions* stack : {&design.encoder, &design.decoder}) {
    if (options.embedding) stack->layer.input = *options.embedding;
    if (given.dropout) stack->dropout = *given.dropout;
  }
  design.decoder.layer.learned_state = false;  // it starts from what the encoder has read
  if (options.embedding) design.embedding = *options.embedding;
  if (given.dropout) design.dropout = *given.dropout;
  if (options.attention != TranslatorOptions().attention) design.attention = ParseAttentionScore(options.attention);
}

// The design that is gone on with, of units and tokens that already have what is new behind its own.
TranslatorDesign GoOnWith(const TranslatorDesign& start, const TranslatorDesign& here) {
  TranslatorDesign design = start;
  design.source = here.source;
  design.target = here.target;
  return design;
}

void UseVectors(const TranslatorOptions& options, TranslatorSetup& setup) {
  TranslatorDesign& design = setup.design;
  if (design.source.unit != SideUnit::kWords) {
    throw UsageError(fmt::format("--vectors are of words, and sources are read as {}", SideUnitName(design.source.unit)));
  }
  const auto as_it_is = [](std::string_view word) { return std::string(word); };
  setup.vectors =
      VectorsFor(options.vectors, as_it_is, options.vocabulary.value_or(kMostSideTokens), design.source.vocabulary);
  design.embedding = design.encoder.layer.input = design.decoder.layer.input = setup.vectors.width;
}

// Of both sides together, of the first pairs.
size_t MeanTokens(const PairSet& pairs, const TranslatorDesign& design) {
  const size_t some = std::min<size_t>(pairs.size(), 1000);
  size_t tokens = 0;
  for (size_t i = 0; i < some; ++i) {
    tokens += design.source.Encode(pairs[i].source).size() + design.target.Encode(pairs[i].target).size();
  }
  return tokens / std::max<size_t>(some, 1);
}

TranslatorSetup MakeSetup(const TranslatorOptions& options, const PairData& data, TranslatorNetwork* start) {
  const Json given_json = CheckedJson(options, kTranslateTask);
  const TrainOptions& given = options.train;
  TranslatorSetup setup =
      DefaultTranslatorSetup(data.train, {options.unit, options.vocabulary, start ? &start->design() : nullptr});
  if (start) setup.design = GoOnWith(start->design(), setup.design);
  Override(setup.design, options);
  if (!options.vectors.empty()) UseVectors(options, setup);
  Override(setup.training, given);
  TranslatorBatching& batching = setup.batching;
  if (given.batch) batching.rows = std::min(*given.batch, std::max<size_t>(data.train.size(), 1));
  batching.shards = ShardsWithin(batching.rows, MeanTokens(data.train, setup.design), given);
  if (options.label_smoothing) batching.label_smoothing = *options.label_smoothing;
  batching.scheduled_sampling = options.scheduled_sampling;
  const TranslatorDesign& design = setup.design;
  setup.provenance = {{"task", kTranslateTask},
                      {"network", ToJson(design)["network"]},
                      {"units", {SideUnitName(design.source.unit), SideUnitName(design.target.unit)}},
                      {"tokens", {design.source.vocabulary.size(), design.target.vocabulary.size()}},
                      {"batch", batching.rows},
                      {"shards", batching.shards},
                      {"label_smoothing", batching.label_smoothing},
                      {"options", given_json},
                      {"pairs", data.fingerprint}};
  if (setup.vectors.width > 0) setup.provenance["vectors"] = HashOf(setup.vectors);
  if (start) setup.provenance["start"] = HashOfWeights(start->parameters());
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

size_t TokensOf(const TranslatorDesign& design) { return design.source.vocabulary.size() + design.target.vocabulary.size(); }

class TranslatorJob : public Job {
 public:
  TranslatorJob(PairData data, const TranslatorOptions& options, TranslatorNetwork* start, TaskContext& context)
      : data_(std::move(data)),
        tokens_(ParseBleuTokens(options.tokenize)),
        setup_(MakeSetup(options, data_, start)),
        network_(setup_.design, options.train.seed),
        train_(EncodePairs(data_.train, setup_.design)),
        choosing_(EncodePairs(PairsOf(data_.held_out, data_.halves.choosing), setup_.design)),
        training_(network_, train_, choosing_, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    if (start) {
      const GrowingRows tokens = {{"source.weight", "target.weight", "head.bias"}, 0};  // the unknown one is the first
      StartFrom(network_.parameters(), start->parameters(), tokens, options.start);
      context.line(StartLine(options.start, TokensOf(setup_.design) - TokensOf(start->design()), "token"));
    }
    if (const WordVectors& vectors = setup_.vectors; vectors.width > 0) {
      context.line(StartFromVectors(vectors, options.vectors, setup_.design.source.vocabulary, options.freeze_vectors,
                                    network_.source_vectors()));
    }
    SayWhatIsTrained(context);
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    context.live("Training a simple method to compare with ...");
    floors_ = {CopiedSource(setup_.design, data_.held_out, tokens_),
               SimpleTranslation(setup_.design, data_.train, data_.held_out, tokens_, context.threads, context.group)};
    data_.train = {};  // what is learned from are their tokens
    if (!start) training_.StartFromCounts();
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "pairs"; }
  std::string measure() const override { return "nats a token"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    TranslatorNetwork* const networks[] = {&network_};
    context.live("Translating ...");
    result_ = EvaluateTranslator(networks, data_.held_out, {}, tokens_, context.threads, context.group);
    result_.floors = floors_;
    result_.halves = data_.halves;
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeTranslatorModel(network_,
                               {{"source", ToJson(data_.source)},
                                {"options", setup_.provenance},
                                {"steps", run_.steps},
                                {"best_step", run_.best_step}},
                               threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeTranslationReport(network_, data_.held_out, result_, run_, data_.source.train.name(), threads);
  }

 private:
  void SayWhatIsTrained(TaskContext& context) {
    const TranslatorDesign& design = setup_.design;
    const auto side = [](const SideFormat& format) {
      return fmt::format("{} different {}", format.vocabulary.size(), SideUnitName(format.unit));
    };
    context.line(fmt::format("Pairs: {} to learn, {} held out; from {} to {}", data_.train.size(), data_.held_out.size(),
                             side(design.source), side(design.target)));
    const std::string warning =
        SeenWarning(CountSeen(data_.train, data_.held_out), data_.held_out.size(), "held-out sources");
    if (!warning.empty()) context.line(warning);
    context.line(fmt::format("Network: {} {} of {} {}, {} in each direction to read; {} weights; batch {}",
                             design.decoder.layers, design.decoder.layers == 1 ? "layer" : "layers",
                             design.decoder.layer.hidden, design.decoder.layer.cell, design.encoder.layer.hidden,
                             CountWeights(network_.parameters()), setup_.batching.rows));
  }

  PairData data_;
  const BleuTokens tokens_;
  const TranslatorSetup setup_;
  TranslatorNetwork network_;
  const EncodedPairs train_, choosing_;  // the latter of what is held out
  TranslatorTraining training_;
  std::vector<TranslationFloor> floors_;
  TrainingResult run_;
  TranslationResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeTranslatorJob(PairData data, const TranslatorOptions& options, TaskContext& context) {
  std::optional<TranslatorNetwork> start;
  if (!options.start.empty()) {
    start = LoadTranslator(LoadModel(options.start, kTranslateTask), context.threads);
    RequireFloat32(start->design().decoder.precision, options.start);
  }
  return std::make_unique<TranslatorJob>(std::move(data), options, start ? &*start : nullptr, context);
}

}  // namespace eddy

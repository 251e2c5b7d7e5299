#include "tasks/classify/job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/counted.h"
#include "data/class_split.h"
#include "metrics/class_offset.h"
#include "metrics/temperature.h"
#include "model/architecture.h"
#include "tasks/classify/costs.h"
#include "tasks/classify/floors.h"
#include "tasks/classify/mix.h"
#include "tasks/classify/model.h"
#include "tasks/classify/report.h"
#include "tasks/classify/result.h"
#include "tasks/given_vectors.h"
#include "tasks/reading.h"
#include "train/checkpoint.h"
#include "train/start.h"

namespace eddy {
namespace {

constexpr size_t kMostNgrams = 400'000;  // weights kept in a model, some 10 MB with their words
constexpr size_t kFrames = 100;          // of a typical series
constexpr double kLeastShare = 1e-6;     // of the network: which class it is for by itself can still be told

Json CheckedJson(ClassifierOptions options) {
  OptionTable table;
  DeclareExamples(options, table);
  DeclareReading(options, table);
  DeclareTraining(options, table);
  table.Check("classify");
  return table.ToJson();
}

void RefuseOptionsOfSentences(const ClassifierOptions& options) {
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given) throw UsageError(fmt::format("{} is an option of sentences, not of series", option));
  };
  refuse(options.characters, "--characters");
  refuse(options.vocabulary.has_value(), "--vocabulary");
  refuse(options.embedding.has_value(), "--embedding");
  refuse(!options.vectors.empty(), "--vectors");
  refuse(options.word_dropout.has_value(), "--word-dropout");
}

// Words are looked up as sentences are cut: in lower case.
void UseVectors(const ClassifierOptions& options, ClassifierSetup& setup) {
  if (options.characters) throw UsageError("--vectors are of words, and --characters reads none");
  const auto form = [](std::string_view word) { return Lower(word); };
  setup.vectors = VectorsFor(options.vectors, form, options.vocabulary.value_or(SentenceOptions().most_tokens),
                             setup.design.sentences.vocabulary);
  setup.design.embedding = setup.vectors.width;
}

// As the user and the model that is gone on with have it, so that sentences and series are cut as they were.
ClassifierOptions ReadLike(const ClassifierDesign& start, ClassifierOptions options) {
  if (start.is_text()) {
    options.characters |= start.sentences.unit == TextUnit::kCharacters;
  } else if (!options.frame) {
    options.frame = start.frame;
  }
  return options;
}

// The design that is gone on with: with the new words behind its own, without the regression, which is fitted anew. `here`
// is what the examples and the options would make.
ClassifierDesign GoOnWith(const ClassifierDesign& start, const ClassifierDesign& here, const std::string& source) {
  const auto require_same = [&](std::string_view what, std::string_view its, std::string_view ours) {
    Require(its == ours, "train", "what a classifier that starts from " + source + " reads",
            fmt::format("of its {}, {}", what, its), std::string(ours));
  };
  const auto kind = [](const ClassifierDesign& design) { return design.is_text() ? "sentences" : "series"; };
  require_same("kind", kind(start), kind(here));
  require_same("unit", TextUnitName(start.sentences.unit), TextUnitName(here.sentences.unit));
  require_same("columns", fmt::format("{}", fmt::join(start.fields.columns, ",")),
               fmt::format("{}", fmt::join(here.fields.columns, ",")));
  require_same("frame", std::to_string(start.frame), std::to_string(here.frame));
  ClassifierDesign design = start;
  design.fields = here.fields;
  if (start.is_text()) design.sentences.vocabulary = Grown(start.sentences.vocabulary, here.sentences.vocabulary);
  design.ngrams = {};
  design.convolutions = {};
  design.mixed_in = {};
  return design;
}

ClassifierSetup MakeSetup(const ClassData& data, const ExampleFields& fields, const ClassifierOptions& options,
                          ClassifierNetwork* start) {
  const Json given_json = CheckedJson(options);
  RequireCostRatio(options.cost_ratio, data.classes);
  ClassifierSetup setup = SetupFor(data, fields, start ? ReadLike(start->design(), options) : options);
  const TrainOptions& given = options.train;
  ClassifierDesign& design = setup.design;
  if (start) design = GoOnWith(start->design(), design, options.start);
  if (StackOptions* stack = design.encoder.stack(); stack && (!start || options.forward)) {
    stack->bidirectional = !options.forward;
  }
  if (options.embedding) design.embedding = *options.embedding;
  if (!options.vectors.empty()) UseVectors(options, setup);
  design.encoder.input = design.inputs();
  Override(design.encoder, given, setup.span);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = std::min(*given.batch, std::max<size_t>(data.train.size(), 1));
  setup.batching.shards = ShardsWithin(setup.batching.rows, setup.span, given);
  if (options.balance) setup.batching.balance = *options.balance;
  if (options.word_dropout) setup.batching.word_dropout = *options.word_dropout;
  setup.provenance = {{"task", kClassifyTask},
                      {"network", ToJson(design)["network"]},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"balance", setup.batching.balance},
                      {"word_dropout", setup.batching.word_dropout},
                      {"options", given_json},
                      {"examples", data.fingerprint}};
  if (setup.vectors.width > 0) setup.provenance["vectors"] = HashOf(setup.vectors);
  if (start) setup.provenance["start"] = HashOfWeights(start->parameters());
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

// The examples as numbers, and what they are to beat. The n-grams that the network is mixed with become part of its design.
struct Prepared {
  LabelledExamples train, held_out;
  LabelledSample choosing;  // of what is held out
  NgramClassifier ngrams;
  ConvolutionClassifier convolutions;
  ClassifierResult result;

  Prepared(const ClassData& data, ClassifierDesign& design, bool alone, TaskContext& context)
      : train{{}, TargetsOf(data.train, data.classes)},
        held_out{{}, TargetsOf(data.held_out, data.classes)},
        result{data.classes, {}, {}, data.halves} {
    context.live("Training a simple method to compare with ...");
    result.floors.push_back(MajorityClass(data.source.counts, held_out.targets));
    train.examples = EncodeExamples(data.train, design);  // without n-grams, of which only the finished model makes use
    if (design.is_text()) {
      const TextUnit unit = design.sentences.unit;
      const SentenceSource cut = CutExamples(data.train, unit);
      ngrams = FitNgrams(cut, train.targets, data.classes.size(), context.threads, context.group);
      result.floors.push_back(NgramFloor(ngrams, unit, data.held_out, held_out.targets));
      ngrams = WithMost(ngrams, cut, kMostNgrams / data.classes.size());
      if (!alone) design.ngrams = ngrams.ngrams;
    }
    held_out.examples = EncodeExamples(data.held_out, design);
    if (!design.is_text()) {
      result.floors.push_back(NeighbourFloor(train, held_out, design, context.threads, context.group));
      convolutions = FitSeries(train, design, context.threads, context.group);
      result.floors.push_back(ConvolutionFloor(convolutions, held_out, context.threads, context.group));
    }
    choosing = {held_out, data.halves.choosing};
  }
};

class ClassifierJob : public Job {
 public:
  ClassifierJob(ClassData data, const ExampleFields& fields, const ClassifierOptions& options, ClassifierNetwork* start,
                TaskContext& context)
      : data_(std::move(data)),
        alone_(options.alone),
        balance_given_(options.balance.has_value()),
        setup_(MakeSetup(data_, fields, options, start)),
        prepared_((SayWhatIsTrained(context), Prepared(data_, setup_.design, options.alone, context))),
        network_(setup_.design, options.train.seed),
        training_(network_, prepared_.train, prepared_.choosing, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    prepared_.result.cost_ratio = options.cost_ratio;
    SayLong(context);
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    for (const ClassFloor& floor : std::span(prepared_.result.floors).subspan(1)) {
      context.line(fmt::format("To beat: {:.4f} accuracy ({})", floor.scores.accuracy, floor.name));
    }
    start ? GoOnFrom(*start, options.start, context) : training_.StartFromCounts();
    data_.train = ExampleSet();  // it is encoded
    if (const WordVectors& vectors = setup_.vectors; vectors.width > 0) {
      context.line(StartFromVectors(vectors, options.vectors, setup_.design.sentences.vocabulary, options.freeze_vectors,
                                    network_.embedding()));
    }
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "examples"; }
  std::string measure() const override { return "nats an example"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    ClassifierResult& result = prepared_.result;
    const Mix mix = Calibrate(context);
    result.with_regression = mix.second > 0;
    if (!data_.halves.apart()) {
      context.line(
          fmt::format("Of {} held-out examples all choose; what judges each of them is fitted on others (cross-fitted).",
                      prepared_.held_out.targets.size()));
    }
    if (result.with_regression) {
      context.line(
          fmt::format("Log odds: {:.2f} times the network's and {:.2f} times the regression's, as fits the held-out "
                      "examples that choose best",
                      mix.first, mix.second));
    }
    result.network = Judge(context);
    return MakeOutcome(result);
  }

  Model ToModel(Threads& threads) override {
    return MakeClassifierModel(network_,
                               {{"source", ToJson(data_.source)},
                                {"options", setup_.provenance},
                                {"steps", run_.steps},
                                {"best_step", run_.best_step}},
                               threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeClassReport(network_, data_.held_out, prepared_.result, run_, data_.source.file, threads);
  }

 private:
  void GoOnFrom(ClassifierNetwork& start, const std::string& source, TaskContext& context) {
    const Vocabulary& known = start.design().sentences.vocabulary;
    start.UnmixHead();
    StartFrom(network_.parameters(), start.parameters(), {{"embedding.weight"}, static_cast<size_t>(known.unknown())},
              source);
    context.line(StartLine(source, setup_.design.sentences.vocabulary.size() - known.size(), "word"));
  }

  void SayWhatIsTrained(TaskContext& context) const {
    const ClassifierDesign& design = setup_.design;
    const auto [least, most] = std::minmax_element(data_.source.counts.begin(), data_.source.counts.end());
    context.line(fmt::format("Examples: {} to learn, {} held out; {} classes, of {} to {} examples", data_.train.size(),
                             data_.held_out.size(), data_.classes.size(), *least, *most));
    const std::string warning =
        SeenWarning(CountSeen(InputsOf(data_.train), InputsOf(data_.held_out)), data_.held_out.size(), "held-out examples");
    if (!warning.empty()) context.line(warning);
    const std::string read = design.is_text() ? fmt::format("{} different {}", design.sentences.vocabulary.size(),
                                                            TextUnitName(design.sentences.unit))
                                              : Counted(design.fields.columns.size(), "column");
    context.line(fmt::format("Network: {}; reads {}; batch {}", Describe(design.encoder), read, setup_.batching.rows));
  }

  void SayLong(TaskContext& context) const {
    const ClassifierDesign& design = setup_.design;
    size_t longer = 0;
    for (const EncodedExamples* examples : {&prepared_.train.examples, &prepared_.held_out.examples}) {
      for (size_t i = 0; i < examples->size(); ++i) longer += SegmentsOf((*examples)[i], design) > 1 ? 1 : 0;
    }
    if (longer == 0) return;
    context.line(
        fmt::format("{} of more than {} steps: the network reads segments of at most so many, each by itself, and "
                    "their log odds are averaged.",
                    Counted(longer, "example"), kMostSegmentSteps * design.frame));
  }

  // Gives the network's log odds and those of the regression, unless it stays alone, the shares that fit what is held out
  // best.
  Mix Calibrate(TaskContext& context) {
    const ClassifierDesign& design = network_.design();
    const LabelledExamples& held_out = prepared_.held_out;
    const std::vector<double> logits = ClassLogits(network_, held_out.examples.All(), context.threads, context.group);
    const LogitsToMix all = {logits, RegressionLogOdds(context), held_out.targets, design.classes.size()};
    const auto fit = [&](LogitsToMix part) {
      if (design.is_text() || alone_) return FitMix(part);
      return FitMix(std::move(part), prepared_.convolutions, prepared_.train.targets);
    };
    if (!data_.halves.apart()) prepared_.result.crossed_wrong = CrossedWrong(all, fit);
    const Mix mix = fit(all.Of(data_.halves.choosing));
    if (mix.second > 0) prepared_.result.alone = ScoreAlone(all);
    network_.ScaleLogits(std::max(mix.first, kLeastShare));
    if (mix.second > 0) {
      design.is_text() ? network_.AddNgrams(prepared_.ngrams, mix.second)
                       : network_.AddConvolutions(prepared_.convolutions, mix.second);
    }
    if (data_.halves.apart() && design.classes.size() == 2 && !balance_given_) {
      const LogitsToMix choosing = all.Of(data_.halves.choosing);
      network_.AddBias(std::vector<double>{0, OffsetOf(Mixed(choosing, mix), choosing.targets)});
    }
    return mix;
  }

  // Which the second of two classes is given, so that it is said as often as it happens.
  static double OffsetOf(const std::vector<double>& logits, const std::vector<int32_t>& targets) {
    std::vector<double> log_odds;
    std::vector<uint8_t> second;
    for (size_t i = 0; i < targets.size(); ++i) {
      log_odds.push_back(logits[2 * i + 1] - logits[2 * i]);
      second.push_back(targets[i] == 1);
    }
    return FitClassOffset(log_odds, second);
  }

  // Of what is held out; zeros where the network stays alone.
  std::vector<double> RegressionLogOdds(TaskContext& context) const {
    const ClassifierDesign& design = network_.design();
    const EncodedExamples& examples = prepared_.held_out.examples;
    if (alone_) return std::vector<double>(examples.size() * design.classes.size());
    if (!design.is_text()) {
      return ConvolutionLogOdds(prepared_.convolutions, SpansOf(examples), context.threads, context.group);
    }
    return NgramLogOdds(prepared_.ngrams, CutExamples(data_.held_out, design.sentences.unit));
  }

  // Of the network by itself, at the temperature that the choosing examples have chosen.
  ClassScores ScoreAlone(const LogitsToMix& all) const {
    const LogitsToMix choosing = all.Of(data_.halves.choosing);
    const double temperature = FitTemperature(choosing.first, choosing.targets, all.classes).temperature;
    return ScoreLogits(Mixed(all, {1 / temperature, 0, 0}), all.targets, all.classes);
  }

  ClassScores Judge(TaskContext& context) {
    const LabelledExamples& held_out = prepared_.held_out;
    return ScoreLogits(ClassLogits(network_, held_out.examples.All(), context.threads, context.group), held_out.targets,
                       network_.design().classes.size());
  }

  ClassData data_;
  const bool alone_;
  const bool balance_given_;  // then rare classes are said as often as was asked for
  ClassifierSetup setup_;
  Prepared prepared_;
  ClassifierNetwork network_;
  ClassifierTraining training_;
  TrainingResult run_;
};

}  // namespace

ClassifierSetup SetupFor(const ClassData& data, const ExampleFields& fields, const ClassifierOptions& options) {
  if (!fields.is_text()) RefuseOptionsOfSentences(options);
  if (fields.is_text() && options.frame) throw UsageError("--frame is an option of series, not of sentences");
  SentenceOptions sentences;
  if (options.vocabulary) sentences.most_tokens = *options.vocabulary;
  if (options.characters) sentences.unit = TextUnit::kCharacters;
  ClassifierSetup setup = DefaultClassifierSetup(data.train, fields, data.classes, sentences);
  if (!fields.is_text()) {
    const size_t frame = options.frame.value_or(options.forward ? 1 : (setup.span + kFrames - 1) / kFrames);
    setup.design.frame = frame;
    setup.design.encoder.input = setup.design.inputs();
    setup.span = (setup.span + frame - 1) / frame;
  }
  return setup;
}

std::unique_ptr<Job> MakeClassifierJob(ClassData data, const ExampleFields& fields, const ClassifierOptions& options,
                                       TaskContext& context) {
  std::optional<ClassifierNetwork> start;
  if (!options.start.empty()) {
    start = LoadClassifier(LoadModel(options.start, kClassifyTask), context.threads);
    RequireFloat32(start->design().encoder.precision, options.start);
    UseClasses(start->design().classes, data);
  }
  return std::make_unique<ClassifierJob>(std::move(data), fields, options, start ? &*start : nullptr, context);
}

}  // namespace eddy

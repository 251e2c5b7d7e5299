#include "tasks/classify/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "data/class_split.h"
#include "metrics/mix.h"
#include "model/architecture.h"
#include "tasks/classify/floors.h"
#include "tasks/classify/report.h"
#include "tasks/classify/result.h"
#include "tasks/reading.h"

namespace eddy {
namespace {

constexpr size_t kMostNgrams = 400'000;  // weights kept in a model, some 10 MB with their words

Json CheckedJson(ClassifierOptions options) {
  OptionTable table;
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
  refuse(options.word_dropout.has_value(), "--word-dropout");
}

ClassifierSetup MakeSetup(const ClassData& data, const ExampleFields& fields, const ClassifierOptions& options) {
  const Json given_json = CheckedJson(options);
  ClassifierSetup setup = SetupFor(data, fields, options);
  const TrainOptions& given = options.train;
  ClassifierDesign& design = setup.design;
  design.encoder.stack()->bidirectional = !options.forward;
  if (options.embedding) design.embedding = *options.embedding;
  design.encoder.input = design.inputs();
  Override(design.encoder, given, setup.span);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = std::min(*given.batch, std::max<size_t>(data.train.size(), 1));
  if (options.balance) setup.batching.balance = *options.balance;
  if (options.word_dropout) setup.batching.word_dropout = *options.word_dropout;
  setup.training.fingerprint = {{"task", kClassifyTask},
                                {"network", ToJson(design)["network"]},
                                {"batch", setup.batching.rows},
                                {"balance", setup.batching.balance},
                                {"word_dropout", setup.batching.word_dropout},
                                {"options", given_json},
                                {"examples", data.fingerprint}};
  return setup;
}

// The examples as numbers, and what they are to beat. The n-grams that the network is mixed with become part of its design.
struct Prepared {
  LabelledExamples train, held_out;
  NgramClassifier ngrams;
  ClassifierResult result;

  Prepared(const ClassData& data, ClassifierDesign& design, TaskContext& context)
      : train{{}, TargetsOf(data.train, data.classes)},
        held_out{{}, TargetsOf(data.held_out, data.classes)},
        result{data.classes, {}, {}} {
    context.live("Training a simple method to compare with ...");
    result.floors.push_back(MajorityClass(data.source.counts, held_out.targets));
    if (design.is_text()) {
      const TextUnit unit = design.sentences.unit;
      const CutSentences cut = CutExamples(data.train, unit);
      ngrams = FitNgrams(cut, train.targets, data.classes.size(), context.threads);
      result.floors.push_back(NgramFloor(ngrams, unit, data.held_out, held_out.targets));
      ngrams = WithMost(ngrams, cut, kMostNgrams / data.classes.size());
      design.ngrams = ngrams.ngrams;
    } else {
      result.floors.push_back(SimpleMethod(design, data.train, data.held_out, held_out.targets, context.threads));
    }
    train.examples = EncodeExamples(data.train, design);
    held_out.examples = EncodeExamples(data.held_out, design);
  }
};

class ClassifierJob : public Job {
 public:
  ClassifierJob(ClassData data, const ExampleFields& fields, const ClassifierOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(data_, fields, options)),
        prepared_((SayWhatIsTrained(context), Prepared(data_, setup_.design, context))),
        network_(setup_.design, options.train.seed),
        training_(network_, prepared_.train, prepared_.held_out, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    const ClassFloor& floor = prepared_.result.floors.back();
    context.line(fmt::format("To beat: {:.4f} accuracy ({})", floor.scores.accuracy, floor.name));
    training_.StartFromCounts();
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "examples"; }
  std::string measure() const override { return "nats an example"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    ClassifierResult& result = prepared_.result;
    const Mix mix = Calibrate(context.threads);
    result.with_regression = mix.second > 0;
    if (result.with_regression) {
      context.line(
          fmt::format("Log odds: {:.2f} times the network's and {:.2f} times the regression's, as fits the held-out "
                      "examples best",
                      mix.first, mix.second));
    }
    result.network = Judge(context.threads);
    return MakeOutcome(result);
  }

  Model ToModel(Threads& threads) override {
    return MakeClassifierModel(network_,
                               {{"source", ToJson(data_.source)},
                                {"options", setup_.training.fingerprint},
                                {"steps", run_.steps},
                                {"best_step", run_.best_step}},
                               threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeClassReport(network_, data_.held_out, prepared_.result, run_, data_.source.file, threads);
  }

 private:
  void SayWhatIsTrained(TaskContext& context) const {
    const ClassifierDesign& design = setup_.design;
    const auto [least, most] = std::minmax_element(data_.source.counts.begin(), data_.source.counts.end());
    context.line(fmt::format("Examples: {} to learn, {} held out; {} classes, of {} to {} examples", data_.train.size(),
                             data_.held_out.size(), data_.classes.size(), *least, *most));
    const std::string read = design.is_text() ? fmt::format("{} different {}", design.sentences.vocabulary.size(),
                                                            TextUnitName(design.sentences.unit))
                                              : Counted(design.fields.columns.size(), "column");
    context.line(fmt::format("Network: {}; reads {}; batch {}", Describe(design.encoder), read, setup_.batching.rows));
  }

  // Gives the network's log odds and those of the n-grams, where there are any, the shares that fit what is held out best.
  Mix Calibrate(Threads& threads) {
    const ClassifierDesign& design = network_.design();
    const LabelledExamples& held_out = prepared_.held_out;
    const std::vector<double> logits = ClassLogits(network_, held_out.examples, threads);
    std::vector<double> of_ngrams(logits.size());
    if (design.ngrams.size() > 0) {
      of_ngrams = NgramLogOdds(prepared_.ngrams, CutExamples(data_.held_out, design.sentences.unit));
    }
    const Mix mix = FitMix(logits, of_ngrams, held_out.targets, design.classes.size());
    network_.ScaleLogits(mix.first);
    network_.AddNgrams(prepared_.ngrams, mix.second);
    return mix;
  }

  ClassScores Judge(Threads& threads) {
    const LabelledExamples& held_out = prepared_.held_out;
    const size_t classes = network_.design().classes.size();
    std::vector<double> numbers = ClassLogits(network_, held_out.examples, threads);
    for (size_t i = 0; i < held_out.targets.size(); ++i) {
      const std::span<double> row = std::span(numbers).subspan(i * classes, classes);
      Softmax(row, row);
    }
    return ScoreProbabilities(numbers, held_out.targets, classes);
  }

  const ClassData data_;
  ClassifierSetup setup_;
  Prepared prepared_;
  ClassifierNetwork network_;
  ClassifierTraining training_;
  TrainingResult run_;
};

}  // namespace

ClassifierSetup SetupFor(const ClassData& data, const ExampleFields& fields, const ClassifierOptions& options) {
  if (!fields.is_text()) RefuseOptionsOfSentences(options);
  SentenceOptions sentences;
  if (options.vocabulary) sentences.most_tokens = *options.vocabulary;
  if (options.characters) sentences.unit = TextUnit::kCharacters;
  return DefaultClassifierSetup(data.train, fields, data.classes, sentences);
}

std::unique_ptr<Job> MakeClassifierJob(ClassData data, const ExampleFields& fields, const ClassifierOptions& options,
                                       TaskContext& context) {
  return std::make_unique<ClassifierJob>(std::move(data), fields, options, context);
}

}  // namespace eddy

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "class_result.h"
#include "console.h"
#include "data/class_split.h"
#include "example_input.h"
#include "output_files.h"
#include "tasks/architecture.h"
#include "tasks/class_data.h"
#include "tasks/class_floors.h"
#include "tasks/class_report.h"
#include "tasks/classifier_defaults.h"
#include "tasks/mix.h"
#include "tell.h"
#include "train/checkpoint.h"
#include "train_options.h"
#include "training_run.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

constexpr size_t kMostNgrams = 400'000;  // weights kept in a model, some 10 MB with their words

struct Options {
  TrainOptions train;
  ExampleInput input;
  bool characters = false;  // words otherwise
  bool forward = false;     // both directions otherwise
  std::optional<size_t> vocabulary, embedding;
  std::optional<double> balance, word_dropout;
};

ClassifierSetup MakeSetup(const Options& options, const ExampleFields& fields, const ClassData& data) {
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given && fields.text.empty())
      throw UsageError(fmt::format("{} is an option of sentences, not of series", option));
  };
  refuse(options.characters, "--characters");
  refuse(options.vocabulary.has_value(), "--vocabulary");
  refuse(options.embedding.has_value(), "--embedding");
  refuse(options.word_dropout.has_value(), "--word-dropout");
  SentenceOptions sentences;
  if (options.vocabulary) sentences.most_tokens = *options.vocabulary;
  if (options.characters) sentences.unit = TextUnit::kCharacters;
  ClassifierSetup setup = DefaultClassifierSetup(data.train, fields, data.classes, sentences);
  const TrainOptions& given = options.train;
  ClassifierDesign& design = setup.design;
  design.encoder.stack()->bidirectional = !options.forward;
  if (options.embedding) design.embedding = *options.embedding;
  design.encoder.input = design.inputs();
  Override(design.encoder, given, setup.span);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (given.dropout) design.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = *given.batch;
  if (options.balance) setup.batching.balance = *options.balance;
  if (options.word_dropout) setup.batching.word_dropout = *options.word_dropout;
  setup.training.fingerprint = {{"task", kClassifyTask},
                                {"network", ToJson(design)["network"]},
                                {"batch", setup.batching.rows},
                                {"balance", setup.batching.balance},
                                {"word_dropout", setup.batching.word_dropout},
                                {"seed", given.seed},
                                {"precision", given.precision},
                                {"examples", data.fingerprint}};
  return setup;
}

void SayWhatIsTrained(Console& console, const ClassData& data, const ClassifierSetup& setup) {
  const ClassifierDesign& design = setup.design;
  console.Line(fmt::format("Examples: {} to learn, {} held out; {} classes, of {} to {} examples", data.train.size(),
                           data.held_out.size(), data.classes.size(),
                           *std::min_element(data.source.counts.begin(), data.source.counts.end()),
                           *std::max_element(data.source.counts.begin(), data.source.counts.end())));
  const std::string read = design.is_text() ? fmt::format("{} different {}", design.sentences.vocabulary.size(),
                                                          TextUnitName(design.sentences.unit))
                                            : fmt::format("{} columns", design.fields.columns.size());
  console.Line(fmt::format("Network: {}; reads {}; batch {}", Describe(design.encoder), read, setup.batching.rows));
}

// Gives the network's log odds and those of the n-grams, where there are any, the shares that fit what is held out best.
Mix Calibrate(ClassifierNetwork& network, const NgramClassifier& ngrams, const ExampleSet& examples,
              const LabelledExamples& held_out, Threads& threads) {
  const ClassifierDesign& design = network.design();
  const std::vector<double> logits = ClassLogits(network, held_out.examples, threads);
  std::vector<double> of_ngrams(logits.size());
  if (design.ngrams.size() > 0) of_ngrams = NgramLogOdds(ngrams, CutExamples(examples, design.sentences.unit));
  const Mix mix = FitMix(logits, of_ngrams, held_out.targets, design.classes.size());
  network.ScaleLogits(mix.first);
  network.AddNgrams(ngrams, mix.second);
  return mix;
}

ClassScores Judge(ClassifierNetwork& network, const LabelledExamples& held_out, Threads& threads) {
  const size_t classes = network.design().classes.size();
  std::vector<double> numbers = ClassLogits(network, held_out.examples, threads);
  for (size_t i = 0; i < held_out.targets.size(); ++i) {
    const std::span<double> row = std::span(numbers).subspan(i * classes, classes);
    Softmax(row, row);
  }
  return ScoreProbabilities(numbers, held_out.targets, classes);
}

void RunTrainClassify(const Options& options) {
  const TrainOptions& given = options.train;
  const ExampleFields fields = FieldsOf(options.input);
  RequireOutputs({given.output, given.report}, {options.input.file, ParseHeldOut(options.input.valid).file});
  Console console(given.quiet);
  const ClassData data = Load(options.input, fields);
  ClassifierSetup setup = MakeSetup(options, fields, data);
  SayWhatIsTrained(console, data, setup);

  Threads threads(given.threads);
  LabelledExamples train = {{}, TargetsOf(data.train, data.classes)},
                   held_out = {{}, TargetsOf(data.held_out, data.classes)};
  console.Live("Training a simple method to compare with ...");
  ClassifierResult result{data.classes, {}, {}};
  result.floors.push_back(MajorityClass(data.source.counts, held_out.targets));
  NgramClassifier ngrams;
  if (setup.design.is_text()) {
    const TextUnit unit = setup.design.sentences.unit;
    const CutSentences cut = CutExamples(data.train, unit);
    ngrams = FitNgrams(cut, train.targets, data.classes.size(), threads);
    result.floors.push_back(NgramFloor(ngrams, unit, data.held_out, held_out.targets));
    ngrams = WithMost(ngrams, cut, kMostNgrams / data.classes.size());
    setup.design.ngrams = ngrams.ngrams;
  } else {
    result.floors.push_back(SimpleMethod(setup.design, data.train, data.held_out, held_out.targets, threads));
  }
  train.examples = EncodeExamples(data.train, setup.design);
  held_out.examples = EncodeExamples(data.held_out, setup.design);
  ClassifierNetwork network(setup.design, given.seed);
  console.Line(
      fmt::format("To beat: {:.4f} accuracy ({})", result.floors.back().scores.accuracy, result.floors.back().name));
  ClassifierTraining task(network, train, held_out, setup.batching, given.seed, threads, PrecisionOf(given));
  task.StartFromCounts();
  const TrainingResult run = RunTraining(task, setup.training, threads, console, {"examples", "nats an example"});

  console.Live("Measuring ...");
  const Mix mix = Calibrate(network, ngrams, data.held_out, held_out, threads);
  result.with_regression = mix.second > 0;
  if (result.with_regression) {
    console.Line(
        fmt::format("Log odds: {:.2f} times the network's and {:.2f} times the regression's, as fits the held-out "
                    "examples best",
                    mix.first, mix.second));
  }
  result.network = Judge(network, held_out, threads);
  const Json training = {{"source", ToJson(data.source)},
                         {"options", setup.training.fingerprint},
                         {"steps", run.steps},
                         {"best_step", run.best_step}};
  SaveModel(given.output, MakeClassifierModel(network, training, threads));
  if (!given.report.empty()) {
    WriteReport(given.report, MakeClassReport(network, data.held_out, result, run, options.input.file, threads));
  }
  RemoveCheckpoint(setup.training.checkpoint);
  console.ClearLive();
  TellTraining(kClassifyTask, result, run, given);
}

void AddModelOptions(CLI::App& verb, Options& o) {
  verb.add_option("--balance", o.balance, "how much rare classes are favoured: 0 as they are, 1 all alike")
      ->type_name("P")
      ->default_str("0; 0.5 where one is 3 times as frequent as another")
      ->check(NumberIn(0, 1))
      ->group("Examples");
  verb.add_flag("--characters", o.characters, "read sentences as characters rather than words")->group("Network");
  verb.add_option("--vocabulary", o.vocabulary, "at most so many different words or characters")
      ->type_name("N")
      ->default_str(std::to_string(SentenceOptions().most_tokens))
      ->check(WholeNumberIn(2, 1 << 24))
      ->group("Network");
  verb.add_option("--embedding", o.embedding, "width of a word's vector")
      ->type_name("N")
      ->default_str("chosen for the data")
      ->check(WholeNumberIn(1, 1 << 16))
      ->group("Network");
  verb.add_flag("--forward", o.forward, "read in one direction only")->group("Network");
  verb.add_option("--word-dropout", o.word_dropout, "share of words that are read as unknown")
      ->type_name("P")
      ->default_str("chosen for the data")
      ->check(Probability())
      ->group("Against learning by heart");
}

}  // namespace

void AddTrainClassify(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("classify", "Learn to tell classes of sentences or series apart");
  auto options = std::make_shared<Options>();
  AddExampleInput(verb, options->input);
  AddTrainOptions(verb, options->train);
  AllowOtherLayers(verb);
  AddModelOptions(verb, *options);
  verb.footer(
      R"(A series is the numbers of a cell with spaces between them, an array of JSON, or, with --series, the rows that have its
name. In a folder each file is an example: a text, or with --columns a table whose rows are steps.
The log odds of a sentence are the network's and those of a logistic regression of its words and pairs of words, each times
a number that fits the held-out examples.
Examples:
  eddy train classify reviews.csv --text review --label stars -o reviews.eddy
  eddy train classify reviews.tsv --no-header --text 1 --label 2 --valid dev.tsv -o reviews.eddy --report reviews.html
  eddy train classify walks.jsonl --columns x,y,z --label who -o walks.eddy
  eddy train classify walks.csv --series walk --columns x,y,z --label who -o walks.eddy
  eddy train classify JapaneseVowels_TRAIN.ts -o vowels.eddy
  eddy train classify folder/ -o texts.eddy)");
  verb.callback([options] { RunTrainClassify(*options); });
}

}  // namespace eddy

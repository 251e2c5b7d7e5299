#include <fmt/format.h>

#include <memory>

#include "console.h"
#include "output_files.h"
#include "tasks/architecture.h"
#include "tasks/text_defaults.h"
#include "tasks/text_report.h"
#include "tell.h"
#include "text_input.h"
#include "text_result.h"
#include "train/checkpoint.h"
#include "train_options.h"
#include "training_run.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  TrainOptions train;
  TextInput input;
  std::optional<size_t> embedding;
  bool tie = false;
  std::optional<std::string> unroll;
  double label_smoothing = 0;
};

bool ParseSize(const std::string& text, size_t& value) {
  return WholeNumberIn(1, 1 << 24)(text).empty() && CLI::detail::lexical_cast(text, value);
}

// "N" or "K1,K2".
void ParseUnroll(const std::string& text, TextBatching& batching) {
  const size_t comma = text.find(',');
  const bool parsed = ParseSize(text.substr(0, comma), batching.k1) &&
                      ParseSize(comma == std::string::npos ? text : text.substr(comma + 1), batching.k2);
  if (!parsed || batching.k2 < batching.k1) {
    throw UsageError(fmt::format("--unroll must be N or K1,K2 with 1 <= K1 <= K2, but is {}", text));
  }
}

TextTraining MakeTraining(const Options& options, const LoadedText& loaded) {
  TextTraining t = DefaultTextTraining(loaded.split);
  const TrainOptions& given = options.train;
  Override(t.network.encoder, given, kTextSpan);
  SuitRate(t.training.schedule, t.network.encoder);
  Override(t.training, given);
  t.network.tied = options.tie;
  if (options.tie) t.network.embedding = OutputWidth(t.network.encoder.layers.back());
  if (options.embedding) t.network.embedding = *options.embedding;
  if (given.dropout) t.network.dropout = *given.dropout;
  if (given.batch) t.batching.rows = *given.batch;
  if (options.unroll) ParseUnroll(*options.unroll, t.batching);
  t.label_smoothing = options.label_smoothing;
  t.training.fingerprint = {{"task", kTextTask},
                            {"network", ToJson(t.network)},
                            {"forget_bias", given.forget_bias.value_or(RecurrentOptions().forget_bias)},
                            {"batch", t.batching.rows},
                            {"unroll", {t.batching.k1, t.batching.k2}},
                            {"label_smoothing", t.label_smoothing},
                            {"precision", given.precision},
                            {"seed", given.seed},
                            {"unit", TextUnitName(loaded.split.format.unit)},
                            {"lines", loaded.split.format.lines},
                            {"text", loaded.fingerprint}};
  return t;
}

void SayWhatIsTrained(Console& console, const TextSplit& text, const TextTraining& t, size_t weights) {
  const std::string_view unit = TextUnitName(text.format.unit);
  console.Line(fmt::format("Text: {} {} to learn, {} held out, {} different", text.train.predicted(), unit,
                           text.valid.predicted(), text.format.vocabulary.size()));
  console.Line(fmt::format("Network: {}, {} weights; batch {}, unroll {}", Describe(t.network.encoder), weights,
                           t.batching.rows, t.batching.k1));
}

Json Provenance(const LoadedText& loaded, const TextTraining& t, const TextResult& result, const TrainingResult& run) {
  return {{"text", ToJson(loaded.source)},
          {"options", t.training.fingerprint},
          {"steps", run.steps},
          {"best_step", run.best_step},
          {"tokens", loaded.split.train.predicted()},
          {"held_out", {{"tokens", result.score.tokens}, {"nats", result.score.nats}, {"bytes", result.bytes}}},
          {"floor", {{"name", result.floor->Name()}, {"nats", result.floor->nats}}}};
}

void RunTrainText(const Options& options) {
  const TrainOptions& given = options.train;
  std::vector<std::string> inputs = options.input.files;
  inputs.push_back(ParseHeldOut(options.input.valid).file);
  RequireOutputs({given.output, given.report}, inputs);
  Console console(given.quiet);
  const LoadedText loaded = Load(options.input);
  const TextSplit& text = loaded.split;
  const TextTraining t = MakeTraining(options, loaded);
  Threads threads(given.threads);

  TextModel model{text.format, LanguageModel(t.network, given.seed), {}};
  SayWhatIsTrained(console, text, t, CountWeights(model.network.parameters()));
  console.Live("Counting n-grams to compare with ...");
  TextResult result;
  result.unit = text.format.unit;
  result.bytes = text.valid.bytes;
  result.unknown = text.valid.unknown;
  result.floor = BestNgram(text.train, text.valid, text.format.vocabulary.size());
  const std::string measure = LossUnit(result.unit);
  console.Line(fmt::format("To beat: {:.4f} {} ({})", result.floor->nats, measure, result.floor->Name()));

  LanguageModelTraining task(model.network, text, t.batching, t.label_smoothing, given.seed, threads, PrecisionOf(given));
  const ProgressWords words = {std::string(TextUnitName(result.unit)), measure};
  const TrainingResult run = RunTraining(task, t.training, threads, console, words);

  console.Live("Measuring ...");
  result.score = MeasureText(model.network, text.valid, Measure::kExact, threads);
  model.training = Provenance(loaded, t, result, run);
  SaveModel(given.output, PackTextModel(model));
  if (!given.report.empty()) {
    const TextOutcome outcome = CompareWithFloor(result.score.nats, *result.floor, result.unit);
    WriteReport(given.report, MakeTextReport(model, text.valid, outcome, run, options.input.files.front(), threads));
  }
  RemoveCheckpoint(t.training.checkpoint);
  console.ClearLive();
  TellTraining(kTextTask, result, run, given);
}

void AddModelOptions(CLI::App& verb, Options& o) {
  verb.add_option("--embedding", o.embedding, "width of a token's vector")
      ->type_name("N")
      ->default_str("chosen for the data")
      ->check(WholeNumberIn(1, 1 << 16))
      ->group("Network");
  verb.add_flag("--tie", o.tie, "the softmax shares the embedding's weights")->group("Network");
  verb.add_option("--unroll", o.unroll, "steps of BPTT: N, or K1,K2 (update every K1, through the last K2)")
      ->type_name("N|K1,K2")
      ->default_str("64")
      ->group("Optimization");
  verb.add_option("--label-smoothing", o.label_smoothing, "share of the target spread over all tokens")
      ->type_name("P")
      ->capture_default_str()
      ->check(Probability())
      ->group("Against learning by heart");
}

}  // namespace

void AddTrainText(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("text", "Learn to go on with text: a language model");
  auto options = std::make_shared<Options>();
  AddTextInput(verb, options->input);
  AddTrainOptions(verb, options->train);
  AllowOtherLayers(verb);
  AddModelOptions(verb, *options);
  verb.footer(R"(Examples:
  eddy train text book.txt -o book.eddy
  eddy train text book.txt -o book.eddy --minutes 10 --report book.html
  eddy train text words.txt --lines -o words.eddy
  eddy train text a.txt b.txt --words --cell gru --layers 2 --tie -o model.eddy)");
  verb.callback([options] { RunTrainText(*options); });
}

}  // namespace eddy

#include <fmt/format.h>

#include <memory>

#include "console.h"
#include "output_files.h"
#include "tasks/translation_report.h"
#include "tasks/translator_defaults.h"
#include "tell.h"
#include "train/checkpoint.h"
#include "train_options.h"
#include "training_run.h"
#include "translation_result.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  TrainOptions train;
  PairFiles files, valid_files;
  std::string valid = "0.05";  // a share, or a table
  TranslatorUnits units;
  std::optional<size_t> embedding;
  std::optional<double> label_smoothing;
  double scheduled_sampling = 0;
  std::string tokenize = "13a";
  std::string attention = "multiplicative";
};

PairSource SourceOf(const Options& options) {
  if (options.files.empty()) throw UsageError("train translate needs FILE, or --source and --target");
  PairSource source;
  source.train = options.files;
  source.valid = options.valid_files;
  if (!source.valid.empty()) return source;
  const HeldOut held_out = ParseHeldOut(options.valid);
  source.valid.table = held_out.file;
  source.share = held_out.share;
  return source;
}

void Override(TranslatorDesign& design, const Options& options) {
  const TrainOptions& given = options.train;
  for (StackOptions* stack : {&design.encoder, &design.decoder}) {
    Override(*stack, given);
    if (options.embedding) stack->layer.input = *options.embedding;
    if (given.dropout) stack->dropout = *given.dropout;
  }
  if (given.hidden) design.encoder.layer.hidden = (*given.hidden + 1) / 2;
  design.decoder.layer.learned_state = false;  // it starts from what the encoder has read
  if (options.embedding) design.embedding = *options.embedding;
  if (given.dropout) design.dropout = *given.dropout;
  design.attention = ParseAttentionScore(options.attention);
}

TranslatorSetup MakeSetup(const Options& options, const PairData& data) {
  const TrainOptions& given = options.train;
  TranslatorSetup setup = DefaultTranslatorSetup(data.train, options.units);
  Override(setup.design, options);
  Override(setup.training, given);
  TranslatorBatching& batching = setup.batching;
  if (given.batch) batching.rows = *given.batch;
  if (options.label_smoothing) batching.label_smoothing = *options.label_smoothing;
  batching.scheduled_sampling = options.scheduled_sampling;
  setup.training.fingerprint = {{"task", kTranslateTask},
                                {"network", ToJson(setup.design)["network"]},
                                {"units", {SideUnitName(setup.design.source.unit), SideUnitName(setup.design.target.unit)}},
                                {"tokens", {setup.design.source.vocabulary.size(), setup.design.target.vocabulary.size()}},
                                {"batch", batching.rows},
                                {"label_smoothing", batching.label_smoothing},
                                {"scheduled_sampling", batching.scheduled_sampling},
                                {"seed", given.seed},
                                {"precision", given.precision},
                                {"pairs", data.fingerprint}};
  return setup;
}

void SayWhatIsTrained(Console& console, const PairData& data, const TranslatorSetup& setup, TranslatorNetwork& network) {
  const TranslatorDesign& design = setup.design;
  const auto side = [](const SideFormat& format) {
    return fmt::format("{} different {}", format.vocabulary.size(), SideUnitName(format.unit));
  };
  size_t weights = 0;
  for (const Parameter* parameter : network.parameters()) weights += parameter->value.size();
  console.Line(fmt::format("Pairs: {} to learn, {} held out; from {} to {}", data.train.size(), data.held_out.size(),
                           side(design.source), side(design.target)));
  console.Line(fmt::format("Network: {} {} of {} {}, {} in each direction to read; {} weights; batch {}",
                           design.decoder.layers, design.decoder.layers == 1 ? "layer" : "layers",
                           design.decoder.layer.hidden, design.decoder.layer.cell, design.encoder.layer.hidden, weights,
                           setup.batching.rows));
}

void RunTrainTranslate(const Options& options) {
  const TrainOptions& given = options.train;
  const PairSource source = SourceOf(options);
  const BleuTokens tokens = ParseBleuTokens(options.tokenize);
  std::vector<std::string> inputs;
  for (const PairFiles& files : {source.train, source.valid}) {
    inputs.insert(inputs.end(), {files.table, files.source, files.target});
  }
  RequireOutputs({given.output, given.report}, inputs);
  Console console(given.quiet);
  const PairData data = LoadPairData(source);
  const TranslatorSetup setup = MakeSetup(options, data);
  TranslatorNetwork network(setup.design, given.seed);
  SayWhatIsTrained(console, data, setup, network);

  Threads threads(given.threads);
  console.Live("Training a simple method to compare with ...");
  std::vector<TranslationFloor> floors = {CopiedSource(setup.design, data.held_out, tokens),
                                          SimpleTranslation(setup.design, data.train, data.held_out, tokens)};
  const std::vector<EncodedPair> train = EncodePairs(data.train, setup.design);
  const std::vector<EncodedPair> held_out = EncodePairs(data.held_out, setup.design);
  TranslatorTraining task(network, train, held_out, setup.batching, given.seed, threads, PrecisionOf(given));
  task.StartFromCounts();
  const TrainingResult run = RunTraining(task, setup.training, threads, console, {"pairs", "nats a token"});

  console.Live("Translating ...");
  TranslatorNetwork* const networks[] = {&network};
  TranslationResult result = EvaluateTranslator(networks, data.held_out, {}, tokens, threads);
  result.floors = std::move(floors);
  const Json training = {{"source", ToJson(data.source)},
                         {"options", setup.training.fingerprint},
                         {"steps", run.steps},
                         {"best_step", run.best_step}};
  SaveModel(given.output, MakeTranslatorModel(network, training, threads));
  if (!given.report.empty()) {
    WriteReport(given.report, MakeTranslationReport(network, data.held_out, result, run, options.files.name(), threads));
  }
  RemoveCheckpoint(setup.training.checkpoint);
  console.ClearLive();
  TellTraining(kTranslateTask, result, run, given);
}

void AddPairOptions(CLI::App& verb, Options& o) {
  const char* group = "Pairs";
  CLI::Option* table = verb.add_option("FILE", o.files.table, "a source, a tab and a target a line");
  CLI::Option* source = verb.add_option("--source", o.files.source, "instead: the sources, a line each")
                            ->type_name("FILE")
                            ->excludes(table)
                            ->group(group);
  CLI::Option* target = verb.add_option("--target", o.files.target, "and the targets, on the same lines")
                            ->type_name("FILE")
                            ->needs(source)
                            ->group(group);
  source->needs(target);
  CLI::Option* valid = verb.add_option("--valid", o.valid, "pairs to judge by: a share, or a file")
                           ->type_name("P|FILE")
                           ->capture_default_str()
                           ->group(group);
  CLI::Option* valid_source = verb.add_option("--valid-source", o.valid_files.source, "instead: their sources")
                                  ->type_name("FILE")
                                  ->excludes(valid)
                                  ->group(group);
  CLI::Option* valid_target = verb.add_option("--valid-target", o.valid_files.target, "and their targets")
                                  ->type_name("FILE")
                                  ->needs(valid_source)
                                  ->group(group);
  valid_source->needs(valid_target);
  verb.add_option("--unit", o.units.unit,
                  "word, bpe (pieces of words), or char (or symbols with spaces between them, where so written)")
      ->type_name("NAME")
      ->default_str("char where sources are single words")
      ->check(OneOf({"word", "bpe", "char"}))
      ->group(group);
  verb.add_option("--vocabulary", o.units.most_tokens, "at most so many different tokens on a side")
      ->type_name("N")
      ->default_str("20000; of bpe 8000")
      ->check(WholeNumberIn(2, 1 << 24))
      ->group(group);
  verb.add_option("--tokenize", o.tokenize, "of BLEU: 13a, or none for text that is tokenised already")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(OneOf({"13a", "none"}))
      ->group(group);
}

void AddModelOptions(CLI::App& verb, Options& o) {
  verb.add_option("--embedding", o.embedding, "width of a token's vector")
      ->type_name("N")
      ->default_str("chosen for the data")
      ->check(WholeNumberIn(1, 1 << 16))
      ->group("Network");
  verb.add_option("--attention", o.attention, "multiplicative (Luong 2015) or additive (Bahdanau 2015, slower)")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(OneOf(AttentionScoreNames()))
      ->group("Network");
  verb.add_option("--label-smoothing", o.label_smoothing, "share of a target given to all tokens alike")
      ->type_name("P")
      ->default_str("0.1")
      ->check(Probability())
      ->group("Against learning by heart");
  verb.add_option("--scheduled-sampling", o.scheduled_sampling,
                  "share of what the decoder reads that it has drawn itself, from the fifth epoch on (Bengio 2015)")
      ->type_name("P")
      ->capture_default_str()
      ->check(Probability())
      ->group("Against learning by heart");
}

}  // namespace

void AddTrainTranslate(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("translate", "Learn to translate sentences, or spellings to sounds");
  auto options = std::make_shared<Options>();
  AddPairOptions(verb, *options);
  AddTrainOptions(verb, options->train);
  verb.get_option("--hidden")->description("units in a layer; half as many in each direction to read");
  AddModelOptions(verb, *options);
  verb.footer(R"(Examples:
  eddy train translate german-english.tsv -o de-en.eddy --report de-en.html
  eddy train translate --source train.de --target train.en --valid-source val.de --valid-target val.en -o de-en.eddy
  eddy train translate spelling-sound.tsv --unit char -o sounds.eddy)");
  verb.callback([options] { RunTrainTranslate(*options); });
}

}  // namespace eddy

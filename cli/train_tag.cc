#include <fmt/format.h>

#include <memory>

#include "console.h"
#include "output_files.h"
#include "tag_result.h"
#include "tasks/tag_data.h"
#include "tasks/tag_report.h"
#include "tasks/tagger.h"
#include "tasks/tagger_defaults.h"
#include "tell.h"
#include "train/checkpoint.h"
#include "train_options.h"
#include "training_run.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

struct Options {
  TrainOptions train;
  std::string file;
  std::string valid = "0.1";  // a share, or a file
  size_t most_words = kMostWords;
  bool forward = false;   // both directions otherwise
  bool no_field = false;  // a conditional random field otherwise
  std::optional<size_t> embedding, character_features;
  std::optional<double> word_dropout;
};

TagData Load(const Options& options) {
  const HeldOut held_out = ParseHeldOut(options.valid);
  return LoadTagData({options.file, {}, held_out.file, held_out.share, {}});
}

TaggerSetup MakeSetup(const Options& options, const TagData& data) {
  TaggerSetup setup = DefaultTaggerSetup(data.train, data.tags, options.most_words);
  const TrainOptions& given = options.train;
  TaggerDesign& design = setup.design;
  Override(design.stack, given);
  Override(setup.training, given);
  design.stack.bidirectional = !options.forward;
  design.field = !options.no_field;
  if (options.embedding) design.embedding = *options.embedding;
  if (options.character_features) design.character_features = *options.character_features;
  design.stack.layer.input = design.inputs();
  if (given.dropout) design.dropout = design.stack.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = *given.batch;
  if (options.word_dropout) setup.batching.word_dropout = *options.word_dropout;
  setup.training.fingerprint = {{"task", kTagTask},
                                {"network", ToJson(design)["network"]},
                                {"vocabulary", options.most_words},
                                {"batch", setup.batching.rows},
                                {"word_dropout", setup.batching.word_dropout},
                                {"seed", given.seed},
                                {"precision", given.precision},
                                {"sequences", data.fingerprint}};
  return setup;
}

void SayWhatIsTrained(Console& console, const TagData& data, const TaggerSetup& setup) {
  const TaggerDesign& design = setup.design;
  const StackOptions& stack = design.stack;
  console.Line(fmt::format("Sequences: {} to learn, {} held out; {} different tags", data.train.sequences.size(),
                           data.held_out.sequences.size(), data.tags.size()));
  console.Line(fmt::format("Network: {} {} of {} {}{}{}; reads {} different words and {} characters; batch {}", stack.layers,
                           stack.layers == 1 ? "layer" : "layers", stack.layer.hidden, stack.layer.cell,
                           stack.bidirectional ? " in both directions" : "",
                           design.field ? " under a conditional random field" : "", design.words.size(),
                           design.character_features > 0 ? design.characters.size() : 0, setup.batching.rows));
}

void RunTrainTag(const Options& options) {
  const TrainOptions& given = options.train;
  RequireOutputs({given.output, given.report}, {options.file, ParseHeldOut(options.valid).file});
  Console console(given.quiet);
  const TagData data = Load(options);
  const TaggerSetup setup = MakeSetup(options, data);
  SayWhatIsTrained(console, data, setup);

  Threads threads(given.threads);
  TaggerNetwork network(setup.design, given.seed);
  const TaggedTokens train = {EncodeTokens(data.train, setup.design), TagTargets(data.train, data.tags)};
  const TaggedTokens held_out = {EncodeTokens(data.held_out, setup.design), TagTargets(data.held_out, data.tags)};
  console.Live("Training a simple method to compare with ...");
  TaggerResult result;
  result.tags = data.tags;
  result.floors = TagFloors(data.train, data.held_out, held_out.tags, data.tags);
  const TagFloor& best = result.floors.back();
  console.Line(fmt::format("To beat: {:.2f} {} ({})", best.scores.Percent(), best.scores.spells_chunks ? "F1" : "% accuracy",
                           best.name));
  TaggerTraining task(network, train, held_out, setup.batching, given.seed, threads, PrecisionOf(given));
  task.StartFromCounts();
  const TrainingResult run = RunTraining(task, setup.training, threads, console, {"tokens", "nats a token"});

  console.Live("Measuring ...");
  network.SetTemperature(CalibrateTags(network, held_out.tokens, held_out.tags, threads).temperature);
  result.loss = MeasureTags(network, held_out.tokens, held_out.tags, threads);
  const TagIds said = SayTags(network, held_out.tokens, threads);
  result.network = ScoreTags(said, held_out.tags, data.tags);
  const Json training = {{"source", ToJson(data.source)},
                         {"options", setup.training.fingerprint},
                         {"steps", run.steps},
                         {"best_step", run.best_step}};
  SaveModel(given.output, MakeTaggerModel(network, training, threads));
  if (!given.report.empty()) {
    WriteReport(given.report, MakeTagReport(network, data.held_out, said, result, run, options.file));
  }
  RemoveCheckpoint(setup.training.checkpoint);
  console.ClearLive();
  TellTraining(kTagTask, result, run, given);
}

void AddModelOptions(CLI::App& verb, Options& o) {
  const char* group = "Network";
  verb.add_option("--vocabulary", o.most_words, "at most so many different words")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumberIn(2, 1 << 24))
      ->group(group);
  verb.add_option("--embedding", o.embedding, "width of a word's vector")
      ->type_name("N")
      ->default_str("100")
      ->check(WholeNumberIn(1, 1 << 16))
      ->group(group);
  verb.add_option("--character-features", o.character_features, "features of a word's characters; 0 to read words alone")
      ->type_name("N")
      ->default_str("64")
      ->check(WholeNumberIn(0, 1 << 16))
      ->group(group);
  verb.add_flag("--forward", o.forward, "read in one direction only")->group(group);
  verb.add_flag("--no-crf", o.no_field, "choose each tag by itself, without a conditional random field over them")
      ->group(group);
  verb.add_option("--word-dropout", o.word_dropout, "share of the words that occur once that are read as unknown")
      ->type_name("P")
      ->default_str("0.5")
      ->check(Probability())
      ->group("Against learning by heart");
}

}  // namespace

void AddTrainTag(CLI::App& train) {
  CLI::App& verb = *train.add_subcommand("tag", "Learn to tag tokens: names, phrases, parts of speech");
  auto options = std::make_shared<Options>();
  verb.add_option("FILE", options->file, "a token a line, its tag in the last column, a blank line between sequences")
      ->required();
  verb.add_option("--valid", options->valid, "sequences to judge by: a share, or a file")
      ->type_name("P|FILE")
      ->capture_default_str()
      ->group("Sequences");
  AddTrainOptions(verb, options->train);
  AddModelOptions(verb, *options);
  verb.footer(
      R"(Columns are separated by blanks or tabs; between the first and the last others may stand. Where all tags are O, or begin
with B-, I-, E- or S-, the chunks that they spell are scored as conlleval does.
Examples:
  eddy train tag names.conll -o names.eddy
  eddy train tag eng.train --valid eng.testa -o names.eddy --report names.html
  eddy train tag words.conll --cell gru --no-crf -o words.eddy)");
  verb.callback([options] { RunTrainTag(*options); });
}

}  // namespace eddy

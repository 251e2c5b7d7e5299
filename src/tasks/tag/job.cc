#include "tasks/tag/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "tasks/given_vectors.h"
#include "tasks/reading.h"
#include "tasks/tag/model.h"
#include "tasks/tag/report.h"
#include "tasks/tag/result.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"
#include "train/start.h"

namespace eddy {
namespace {

// The design that is gone on with, where there is one: with the new words and characters behind its own.
TaggerDesign GoOnWith(const TaggerDesign& start, const TaggerDesign& here) {
  TaggerDesign design = start;
  design.words = Grown(start.words, here.words);
  design.characters = Grown(start.characters, here.characters);
  return design;
}

size_t MeanTokens(const TokenSet& set) {
  size_t tokens = 0;
  for (const TokenSequence& sequence : set.sequences) tokens += sequence.tokens.size();
  return tokens / std::max<size_t>(set.sequences.size(), 1);
}

TaggerSetup MakeSetup(const TaggerOptions& options, const TagData& data, TaggerNetwork* start) {
  const Json given_json = CheckedJson(options, kTagTask);
  TaggerSetup setup = DefaultTaggerSetup(data.train, data.tags, options.vocabulary);
  const TrainOptions& given = options.train;
  TaggerDesign& design = setup.design;
  if (start) design = GoOnWith(start->design(), design);
  Override(design.stack, given);
  Override(setup.training, given);
  if (options.forward) design.stack.bidirectional = false;
  if (options.no_crf) design.field = false;
  design.format = {options.token_column, options.tag_column, {}};
  if (options.embedding) design.embedding = *options.embedding;
  if (!options.vectors.empty()) {
    setup.vectors = VectorsFor(options.vectors, WordForm, options.vocabulary, design.words);
    design.embedding = setup.vectors.width;
  }
  if (options.character_features) design.character_features = *options.character_features;
  design.stack.layer.input = design.inputs();
  if (given.dropout) design.dropout = design.stack.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = std::min(*given.batch, std::max<size_t>(data.train.sequences.size(), 1));
  setup.batching.shards = ShardsWithin(setup.batching.rows, MeanTokens(data.train), given);
  if (options.word_dropout) setup.batching.word_dropout = *options.word_dropout;
  setup.provenance = {{"task", kTagTask},
                      {"network", ToJson(design)["network"]},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"word_dropout", setup.batching.word_dropout},
                      {"options", given_json},
                      {"sequences", data.fingerprint}};
  if (setup.vectors.width > 0) setup.provenance["vectors"] = HashOf(setup.vectors);
  if (start) setup.provenance["start"] = HashOfWeights(start->parameters());
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

TokenSet Part(const TokenSet& set, const std::vector<size_t>& places) {
  return {.source = set.source, .sequences = At(set.sequences, places), .reading = {}};
}

class TaggerJob : public Job {
 public:
  TaggerJob(TagData data, const TaggerOptions& options, TaggerNetwork* start, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_, start)),
        network_(setup_.design, options.train.seed),
        train_{EncodeTokens(data_.train, setup_.design), TagTargets(data_.train, data_.tags)},
        held_out_{EncodeTokens(data_.held_out, setup_.design), TagTargets(data_.held_out, data_.tags)},
        choosing_{EncodeTokens(Part(data_.held_out, data_.halves.choosing), setup_.design),
                  At(held_out_.tags, data_.halves.choosing)},
        training_(network_, train_, choosing_, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    if (start) {
      GrowingRows tokens = {{"embedding.weight", "characters.weight"}, 0};  // the unknown one is the first of both
      StartFrom(network_.parameters(), start->parameters(), tokens, options.start);
      const size_t fresh = setup_.design.words.size() - start->design().words.size();
      context.line(StartLine(options.start, fresh, "word"));
    }
    if (const WordVectors& vectors = setup_.vectors; vectors.width > 0) {
      context.line(
          StartFromVectors(vectors, options.vectors, setup_.design.words, options.freeze_vectors, network_.embedding()));
    }
    SayWhatIsTrained(context);
    SayClipped("batch", options.train.batch, setup_.batching.rows, context);
    context.live("Training a simple method to compare with ...");
    result_.tags = data_.tags;
    result_.halves = data_.halves;
    result_.floors = TagFloors(data_.train, data_.held_out, held_out_.tags, data_.tags);
    const TagFloor& best = result_.floors.back();
    context.line(fmt::format("To beat: {:.2f} {} ({})", best.scores.Percent(),
                             best.scores.spells_chunks ? "F1" : "% accuracy", best.name));
    if (!start) training_.StartFromCounts();
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "tokens"; }
  std::string measure() const override { return "nats a token"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    Threads& threads = context.threads;
    ProcessGroup& group = context.group;
    network_.SetTemperature(CalibrateTags(network_, choosing_.tokens, choosing_.tags, threads, group).temperature);
    result_.loss = MeasureTags(network_, held_out_.tokens, held_out_.tags, threads, group);
    said_ = SayTags(network_, held_out_.tokens, threads, group);
    result_.network = ScoreTags(said_, held_out_.tags, data_.tags);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeTaggerModel(network_,
                           {{"source", ToJson(data_.source)},
                            {"options", setup_.provenance},
                            {"steps", run_.steps},
                            {"best_step", run_.best_step}},
                           threads);
  }

  Report MakeReport(Threads&) override {
    return MakeTagReport(network_, data_.held_out, said_, result_, run_, data_.source.file);
  }

 private:
  void SayWhatIsTrained(TaskContext& context) const {
    const TaggerDesign& design = setup_.design;
    const StackOptions& stack = design.stack;
    context.line(fmt::format("Sequences: {} to learn, {} held out; {} different tags", data_.train.sequences.size(),
                             data_.held_out.sequences.size(), data_.tags.size()));
    const std::string warning = SeenWarning(CountSeen(InputsOf(data_.train), InputsOf(data_.held_out)),
                                            data_.held_out.sequences.size(), "held-out sequences");
    if (!warning.empty()) context.line(warning);
    context.line(fmt::format("Network: {} {} of {} {}{}{}; reads {} different words and {} characters; batch {}",
                             stack.layers, stack.layers == 1 ? "layer" : "layers", stack.layer.hidden, stack.layer.cell,
                             stack.bidirectional ? " in both directions" : "",
                             design.field ? " under a conditional random field" : "", design.words.size(),
                             design.character_features > 0 ? design.characters.size() : 0, setup_.batching.rows));
  }

  const TagData data_;
  const TaggerSetup setup_;
  TaggerNetwork network_;
  const TaggedTokens train_, held_out_;
  const TaggedTokens choosing_;  // of what is held out
  TaggerTraining training_;
  TrainingResult run_;
  TaggerResult result_;
  TagIds said_;  // of what is held out
};

}  // namespace

std::unique_ptr<Job> MakeTaggerJob(TagData data, const TaggerOptions& options, TaskContext& context) {
  std::optional<TaggerNetwork> start;
  if (!options.start.empty()) {
    start = LoadTagger(LoadModel(options.start, kTagTask), context.threads);
    RequireFloat32(start->design().stack.precision, options.start);
    UseTags(start->design().tags, data);
  }
  return std::make_unique<TaggerJob>(std::move(data), options, start ? &*start : nullptr, context);
}

}  // namespace eddy

// eddy evaluate, of a composer.
#include <fmt/format.h>

#include "tasks/compose/actions.h"
#include "tasks/compose/job.h"
#include "tasks/compose/model.h"
#include "tasks/compose/result.h"

namespace eddy {
namespace {

class EvaluateComposer : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the floors")
        .Usually("where they were");
    table.Group("Harmonies");
    table.Add("temperature", temperature_, Number(0, 1000), "below 1 bolder, above 1 wilder voices below the melodies")
        .Usually("as eddy compose has it");
    table
        .Add("top-p", top_p_, Number(1e-9, 1).Called("P"),
             "take no choice beyond the likeliest that together have this probability")
        .Usually("as eddy compose has it");
    table.Flag("free-voices", free_voices_,
               "let voices move in parallel fifths and octaves; they do not otherwise, by a rule beside the network");
    table.Add("seed", seed_, WholeNumber(0, ~uint64_t{0}), "another seed writes other voices").Usually("1");
  }
  std::string notes() const override { return "  eddy evaluate bach.eddy new_pieces"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ComposeNetwork network = LoadComposer(packed, context.threads);
    const ComposeDesign& design = network.design();
    if (!design.harmonise && (temperature_ || top_p_ || free_voices_ || seed_)) {
      throw UsageError("--temperature, --top-p, --free-voices and --seed are options of models that harmonise");
    }
    const MusicSource source = SourceOf(packed);
    const MusicSet set = FindMaterial(source, design.grid, input, context);
    ComposerResult result;
    result.events = design.events();
    result.pieces = set.pieces.size();
    result.network = MeasureMusic(network, set, MusicParts::kPieces, context.threads);
    if (const std::optional<MusicSet> learned = FindTrainingMusic(source, design.grid, train_)) {
      result.floors = MusicFloors(*learned, set, design);
    } else {
      context.line("The training data are not at hand (--train), so there is nothing to compare with.");
    }
    if (design.harmonise) result.harmonies = MeasureHarmonies(network, set, HarmonyOptions(), context.threads);
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ComposeNetwork network = LoadComposer(packed, context.threads);
    const MusicSet set = FindMaterial(SourceOf(packed), network.design().grid, input, context);
    return {MeasureMusic(network, set, MusicParts::kNone, context.threads).nats, MusicUnit(network.design().events())};
  }

 private:
  CompositionOptions HarmonyOptions() const {
    CompositionOptions options;
    options.temperature = temperature_.value_or(options.temperature);
    options.top_p = top_p_.value_or(options.top_p);
    options.free_voices = free_voices_;
    options.seed = seed_.value_or(options.seed);
    return options;
  }

  // What is measured: the test part of data that have one; of the training data the part that was held out.
  MusicSet FindMaterial(const MusicSource& source, MusicGrid grid, const EvaluateInput& input, TaskContext& context) const {
    MusicReading reading = ReadMusic(std::span(&input.data, 1), grid, /*strict=*/false);
    SayLeftOut(reading.left_out, reading.files, context);
    if (!all_ && !reading.test.pieces.empty()) {
      context.line(fmt::format("{}: measuring on its test part.", input.data.name()));
      return std::move(reading.test);
    }
    if (HashOf(reading) != source.hash) return std::move(reading.train);
    if (source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      return SplitAgain(source, std::move(reading)).held_out;
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return std::move(reading.train);
  }

  bool all_ = false, free_voices_ = false;
  std::vector<std::string> train_;
  std::optional<double> temperature_, top_p_;
  std::optional<uint64_t> seed_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeComposerEvaluation() { return std::make_unique<EvaluateComposer>(); }

}  // namespace eddy

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
  }
  std::string notes() const override { return "  eddy evaluate bach.eddy new_pieces"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ComposeNetwork network = LoadComposer(packed, context.threads);
    const ComposeDesign& design = network.design();
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
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ComposeNetwork network = LoadComposer(packed, context.threads);
    const MusicSet set = FindMaterial(SourceOf(packed), network.design().grid, input, context);
    return {MeasureMusic(network, set, MusicParts::kNone, context.threads).nats, MusicUnit(network.design().events())};
  }

 private:
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

  bool all_ = false;
  std::vector<std::string> train_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeComposerEvaluation() { return std::make_unique<EvaluateComposer>(); }

}  // namespace eddy

// eddy evaluate, of a language model.
#include <fmt/format.h>

#include "tasks/text/actions.h"
#include "tasks/text/data.h"
#include "tasks/text/long_data.h"
#include "tasks/text/report.h"
#include "tasks/text/result.h"

namespace eddy {
namespace {

// What is measured, and what the n-gram floor is estimated on.
struct Material {
  Corpus measured;
  std::optional<Corpus> training;
};

class EvaluateText : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the simple method to compare with")
        .Usually("where they were");
  }
  std::string notes() const override {
    return R"(Where FILE is what a model was trained on, only the part that it held out is used.
  eddy evaluate book.eddy other.txt
  eddy evaluate book.eddy book.txt --json)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    TextModel model = UnpackTextModel(packed);
    const Material material = FindMaterial(model, input, context);
    const Corpus& measured = material.measured;
    context.live(fmt::format("Reading {} {} ...", measured.predicted(), TextUnitName(model.format.unit)));
    TextResult result;
    result.unit = model.format.unit;
    result.score = MeasureText(model.network, measured, eddy::Measure::kExact, context.threads);
    result.held_out = measured.predicted();
    result.bytes = measured.bytes;
    result.unknown = measured.unknown;
    result.unknown_bytes = measured.unknown_bytes;
    if (material.training) result.floor = BestNgram(*material.training, measured, model.format.vocabulary.size());
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    TextModel model = UnpackTextModel(packed);
    const Material material = FindMaterial(model, input, context);
    return {MeasureText(model.network, material.measured, eddy::Measure::kExact, context.threads).nats,
            LossUnit(model.format.unit)};
  }

 private:
  Material FindMaterial(const TextModel& model, const EvaluateInput& input, TaskContext& context) const {
    const TextSource source = TextSourceFromJson(ObjectField(model.training, "text"));
    if (IsLong({input.data}, source.options) && source.valid_file.empty() && !all_) {
      std::optional<TextSplit> again = SplitLongAgain(source, {input.data}, model.format.vocabulary);
      Require(again.has_value(), "evaluate", input.data.name(), "at most 1 GiB, or the text that the model was trained on",
              "longer, and another");
      SayMeasuringHeldOut(input, context);
      return {std::move(again->valid), std::move(again->train)};
    }
    const std::string text = ReadTextFiles(std::span(&input.data, 1), model.format.unit, model.format.lines);
    const bool trained_on = IsTrainingText(source, text);
    if (trained_on && source.valid_file.empty() && !all_) {
      SayMeasuringHeldOut(input, context);
      TextSplit split = SplitAgain(source, text, model.format.vocabulary);
      return {std::move(split.valid), std::move(split.train)};
    }
    if (trained_on) {
      context.line(
          fmt::format("{} is what the model was trained on: the figure says nothing about other text.", input.data.name()));
    }
    return {model.format.Encode(text, input.data.name()), FindTrainingCorpus(source, model.format, train_)};
  }

  static void SayMeasuringHeldOut(const EvaluateInput& input, TaskContext& context) {
    context.line(fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
  }

  bool all_ = false;
  std::vector<std::string> train_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeTextEvaluation() { return std::make_unique<EvaluateText>(); }

}  // namespace eddy

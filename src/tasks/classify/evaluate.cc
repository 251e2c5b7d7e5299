// eddy evaluate, of a classifier.
#include <fmt/format.h>

#include "data/class_split.h"
#include "eddy/error.h"
#include "tasks/classify/actions.h"
#include "tasks/classify/data.h"
#include "tasks/classify/model.h"
#include "tasks/classify/result.h"

namespace eddy {
namespace {

DataSource SourceOf(const Model& packed) {
  return DataSourceFromJson(ObjectField(ObjectField(packed.description, "training"), "source"));
}

ClassScores MeasureSet(ClassifierNetwork& network, const ExampleSet& set, std::span<const int32_t> targets,
                       Threads& threads) {
  return ScoreProbabilities(ClassProbabilities(network, set, threads), targets, network.design().classes.size());
}

class EvaluateClassifier : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the simple method to compare with")
        .Usually("where they were");
  }
  std::string notes() const override { return "  eddy evaluate reviews.eddy test.csv"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ClassifierNetwork network = LoadClassifier(packed, context.threads);
    const ClassifierDesign& design = network.design();
    const DataSource source = SourceOf(packed);
    Require(source.counts.size() == design.classes.size(), "evaluate", "the counts of the model", "one a class", "not");
    const ExampleSet set = FindMaterial(design, source, input, context);
    const std::vector<int32_t> targets = TargetsOf(set, design.classes);
    ClassifierResult result{design.classes, MeasureSet(network, set, targets, context.threads), {}};
    result.with_regression = design.ngrams.size() > 0;
    result.floors.push_back(MajorityClass(source.counts, targets));
    context.live("Training a simple method to compare with ...");
    const std::string path = train_.empty() ? std::string() : train_.front();
    if (const std::optional<ExampleSet> train = FindTrainingExamples(source, design.fields, path)) {
      result.floors.push_back(SimpleMethod(design, *train, set, targets, context.threads));
    } else {
      context.line("The training examples are not at hand (--train), so the majority class alone is there to compare with.");
    }
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ClassifierNetwork network = LoadClassifier(packed, context.threads);
    const ExampleSet set = FindMaterial(network.design(), SourceOf(packed), input, context);
    const std::vector<int32_t> targets = TargetsOf(set, network.design().classes);
    return {MeasureSet(network, set, targets, context.threads).log_loss, "nats an example"};
  }

 private:
  // What is measured: of the training file the part that was held out.
  ExampleSet FindMaterial(const ClassifierDesign& design, const DataSource& source, const EvaluateInput& input,
                          TaskContext& context) const {
    ExampleSet set = ReadExamples(input.data, design.fields);
    if (HashOf(set) != source.hash) return set;
    if (source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      return SplitAgain(source, std::move(set)).held_out;
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return set;
  }

  bool all_ = false;
  std::vector<std::string> train_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeClassifierEvaluation() { return std::make_unique<EvaluateClassifier>(); }

}  // namespace eddy

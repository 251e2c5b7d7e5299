// eddy evaluate, of a classifier.
#include <fmt/format.h>

#include "data/class_split.h"
#include "eddy/error.h"
#include "tasks/classify/actions.h"
#include "tasks/classify/costs.h"
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

// Of the network without the regression that is mixed in.
ClassScores MeasureAlone(ClassifierNetwork& network, const ExampleSet& set, std::span<const int32_t> targets,
                         Threads& threads) {
  const ClassifierDesign& design = network.design();
  const std::vector<double>& added = design.mixed_in.bias;  // which is of the mix
  const EncodedExamples examples = EncodeExamples(set, design);
  std::vector<double> logits = ClassLogits(network, examples.All(), threads, Voices::kNetwork);
  for (size_t i = 0; !added.empty() && i < logits.size(); ++i) logits[i] -= added[i % added.size()];
  return ScoreLogits(std::move(logits), targets, design.classes.size());
}

class EvaluateClassifier : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the simple method to compare with")
        .Usually("where they were");
    table.Group("Two classes");
    table.Add("cost-ratio", cost_ratio_, Number(1e-6, 1e6).Called("R"),
              "what a missed example of the second costs, a false alarm being 1; decisions are judged by it");
  }
  std::string notes() const override { return "  eddy evaluate reviews.eddy test.csv"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ClassifierNetwork network = LoadClassifier(packed, context.threads);
    const ClassifierDesign& design = network.design();
    RequireCostRatio(cost_ratio_, design.classes);
    const DataSource source = SourceOf(packed);
    Require(source.counts.size() == design.classes.size(), "evaluate", "the counts of the model", "one a class", "not");
    Halves halves;
    const ExampleSet set = FindMaterial(design, source, input, context, halves);
    const std::vector<int32_t> targets = TargetsOf(set, design.classes);
    ClassifierResult result{design.classes, MeasureSet(network, set, targets, context.threads), {}, std::move(halves)};
    result.cost_ratio = cost_ratio_;
    result.with_regression = network.has_regression();
    if (result.with_regression) result.alone = MeasureAlone(network, set, targets, context.threads);
    result.floors.push_back(MajorityClass(source.counts, targets));
    context.live("Training a simple method to compare with ...");
    const std::string path = train_.empty() ? std::string() : train_.front();
    if (const std::optional<ExampleSet> train = FindTrainingExamples(source, design.fields, path)) {
      SayWhatIsSeen(*train, set, context);
      for (ClassFloor& floor : SimpleMethods(design, *train, set, targets, context.threads)) {
        result.floors.push_back(std::move(floor));
      }
    } else {
      context.line("The training examples are not at hand (--train), so the majority class alone is there to compare with.");
    }
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    ClassifierNetwork network = LoadClassifier(packed, context.threads);
    Halves halves;
    const ExampleSet set = FindMaterial(network.design(), SourceOf(packed), input, context, halves);
    const std::vector<int32_t> targets = TargetsOf(set, network.design().classes);
    return {MeasureSet(network, set, targets, context.threads).log_loss, "nats an example"};
  }

 private:
  static void SayWhatIsSeen(const ExampleSet& train, const ExampleSet& judged, TaskContext& context) {
    const std::string warning = SeenWarning(CountSeen(InputsOf(train), InputsOf(judged)), judged.size(), "examples");
    if (!warning.empty()) context.line(warning);
  }

  // What is measured, and which of it judges: of the training file the part that was held out.
  ExampleSet FindMaterial(const ClassifierDesign& design, const DataSource& source, const EvaluateInput& input,
                          TaskContext& context, Halves& halves) const {
    ExampleSet set = ReadExamples(input.data, design.fields);
    halves = AllJudge(set.size());
    const std::string hash = HashOf(set);
    if (hash == source.valid_hash) halves = HalvesOf(set.size());
    if (hash != source.hash) return set;
    if (source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      ClassData data = SplitAgain(source, std::move(set));
      halves = data.halves;
      return std::move(data.held_out);
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return set;
  }

  bool all_ = false;
  std::vector<std::string> train_;
  std::optional<double> cost_ratio_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeClassifierEvaluation() { return std::make_unique<EvaluateClassifier>(); }

}  // namespace eddy

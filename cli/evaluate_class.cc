#include <fmt/format.h>

#include "class_result.h"
#include "console.h"
#include "data/class_split.h"
#include "eddy/error.h"
#include "tasks/class_data.h"
#include "tasks/classifier.h"
#include "tell.h"

namespace eddy {
namespace {

ClassSource SourceOf(const Model& model) {
  return ClassSourceFromJson(ObjectField(ObjectField(model.description, "training"), "source"));
}

// What is measured: of the training file the part that was held out.
ExampleSet FindMaterial(const ClassifierDesign& design, const ClassSource& source, const EvaluateOptions& options,
                        Console& console) {
  ExampleSet set = ReadExamples(options.file, design.fields);
  if (HashOf(set) != source.hash) return set;
  if (source.valid_file.empty() && !options.all) {
    console.Line(fmt::format("{} is what the model was trained on: measuring on the part it held out.", options.file));
    return SplitAgain(source, std::move(set)).held_out;
  }
  console.Line(fmt::format("{} is what the model was trained on: the figures say nothing about others.", options.file));
  return set;
}

ClassScores Measure(ClassifierNetwork& network, const ExampleSet& set, std::span<const int32_t> targets, Threads& threads) {
  return ScoreProbabilities(ClassProbabilities(network, set, threads), targets, network.design().classes.size());
}

}  // namespace

Figure MeasureClassifier(const Model& model, const EvaluateOptions& options) {
  Console console(/*quiet=*/true);
  Threads threads(options.threads);
  ClassifierNetwork network = LoadClassifier(model, threads);
  const ExampleSet set = FindMaterial(network.design(), SourceOf(model), options, console);
  return {Measure(network, set, TargetsOf(set, network.design().classes), threads).log_loss, "nats an example"};
}

void EvaluateClassifier(const Model& model, const EvaluateOptions& options) {
  Console console(options.quiet);
  Threads threads(options.threads);
  ClassifierNetwork network = LoadClassifier(model, threads);
  const ClassifierDesign& design = network.design();
  const ClassSource source = SourceOf(model);
  Require(source.counts.size() == design.classes.size(), "evaluate", "the counts of the model", "one a class", "not");
  const ExampleSet set = FindMaterial(design, source, options, console);
  const std::vector<int32_t> targets = TargetsOf(set, design.classes);
  ClassifierResult result{design.classes, Measure(network, set, targets, threads), {}};
  result.with_regression = design.ngrams.size() > 0;
  result.floors.push_back(MajorityClass(source.counts, targets));
  console.Live("Training a simple method to compare with ...");
  const std::string path = options.train.empty() ? std::string() : options.train.front();
  const std::optional<ExampleSet> train = FindTrainingExamples(source, design.fields, path);
  if (train) {
    result.floors.push_back(SimpleMethod(design, *train, set, targets, threads));
  } else {
    console.Line("The training examples are not at hand (--train), so the majority class alone is there to compare with.");
  }
  console.ClearLive();
  TellEvaluation(kClassifyTask, result, options);
}

}  // namespace eddy

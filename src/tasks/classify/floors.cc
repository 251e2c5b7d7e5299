#include "tasks/classify/floors.h"

#include <fmt/format.h>

#include <numeric>

#include "base/median.h"
#include "data/class_split.h"
#include "floors/ngram_classifier.h"
#include "tasks/classify/nearest_neighbour.h"

namespace eddy {

ClassFloor MajorityClass(std::span<const size_t> counts, std::span<const int32_t> targets) {
  const size_t classes = counts.size();
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), classes));
  std::vector<double> probabilities;
  for (size_t i = 0; i < targets.size(); ++i) {
    for (const size_t count : counts) probabilities.push_back(static_cast<double>(count + 1) / total);
  }
  return {"majority class", ScoreProbabilities(probabilities, targets, classes)};
}

std::vector<ClassFloor> SimpleMethods(const ClassifierDesign& design, const ExampleSet& train, const ExampleSet& judged,
                                      std::span<const int32_t> targets, Threads& threads) {
  const size_t classes = design.classes.size();
  const std::vector<int32_t> known = TargetsOf(train, design.classes);
  if (design.is_text()) {
    const TextUnit unit = design.sentences.unit;
    return {NgramFloor(FitNgrams(CutExamples(train, unit), known, classes, threads), unit, judged, targets)};
  }
  const LabelledExamples learned = {EncodeExamples(train, design), known};
  const LabelledExamples asked = {EncodeExamples(judged, design), {targets.begin(), targets.end()}};
  return {NeighbourFloor(learned, asked, design, threads),
          ConvolutionFloor(FitSeries(learned, design, threads), asked, threads)};
}

ClassFloor NeighbourFloor(const LabelledExamples& train, const LabelledExamples& judged, const ClassifierDesign& design,
                          Threads& threads, ProcessGroup& group) {
  const NearestNeighbours nearest = FindNearest(train.examples.All(), train.targets, judged.examples.All(),
                                                design.scalings.size(), threads, kMostWarpingWork, group);
  return {nearest.Name(), ScorePredictions(nearest.classes, judged.targets, design.classes.size())};
}

SeriesSpans SpansOf(const EncodedExamples& series) {
  SeriesSpans spans;
  for (size_t i = 0; i < series.size(); ++i) spans.push_back(series[i].values);
  return spans;
}

ConvolutionClassifier FitSeries(const LabelledExamples& train, const ClassifierDesign& design, Threads& threads,
                                ProcessGroup& group) {
  std::vector<size_t> steps;
  for (size_t i = 0; i < train.examples.size(); ++i) steps.push_back(train.examples[i].steps);
  return FitConvolutions(SpansOf(train.examples), train.targets, design.classes.size(), design.scalings.size(),
                         UpperMedian(steps), threads, group);
}

ClassFloor ConvolutionFloor(const ConvolutionClassifier& classifier, const LabelledExamples& judged, Threads& threads,
                            ProcessGroup& group) {
  std::string name = "ridge regression of convolutions";
  if (classifier.stride > 1) name += fmt::format(", one of {}", classifier.stride);
  return {name, ScoreLogits(ConvolutionLogOdds(classifier, SpansOf(judged.examples), threads, group), judged.targets,
                            classifier.classes())};
}

ClassFloor NgramFloor(const NgramClassifier& classifier, TextUnit unit, const ExampleSet& judged,
                      std::span<const int32_t> targets) {
  std::string name = fmt::format("logistic regression of {} pairs", unit == TextUnit::kWords ? "word" : "character");
  if (classifier.stride > 1) name += fmt::format(", one of {}", classifier.stride);
  return {name,
          ScoreProbabilities(NgramProbabilities(classifier, CutExamples(judged, unit)), targets, classifier.classes())};
}

}  // namespace eddy

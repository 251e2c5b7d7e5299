#include "tasks/classify/floors.h"

#include <fmt/format.h>

#include <numeric>

#include "data/class_split.h"
#include "floors/ngram_classifier.h"
#include "tasks/classify/nearest_neighbour.h"

namespace eddy {

CutSentences CutExamples(const ExampleSet& set, TextUnit unit) {
  CutSentences cut;
  for (const Example& example : set.examples) cut.push_back(CutSentence(example.text, unit, example.place));
  return cut;
}

ClassFloor MajorityClass(std::span<const size_t> counts, std::span<const int32_t> targets) {
  const size_t classes = counts.size();
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), classes));
  std::vector<double> probabilities;
  for (size_t i = 0; i < targets.size(); ++i) {
    for (const size_t count : counts) probabilities.push_back(static_cast<double>(count + 1) / total);
  }
  return {"majority class", ScoreProbabilities(probabilities, targets, classes)};
}

ClassFloor SimpleMethod(const ClassifierDesign& design, const ExampleSet& train, const ExampleSet& judged,
                        std::span<const int32_t> targets, Threads& threads) {
  const size_t classes = design.classes.size();
  const std::vector<int32_t> known = TargetsOf(train, design.classes);
  if (design.is_text()) {
    const TextUnit unit = design.sentences.unit;
    return NgramFloor(FitNgrams(CutExamples(train, unit), known, classes, threads), unit, judged, targets);
  }
  const NearestNeighbours nearest =
      FindNearest(EncodeExamples(train, design), known, EncodeExamples(judged, design), design.inputs(), threads);
  return {nearest.Name(), ScorePredictions(nearest.classes, targets, classes)};
}

ClassFloor NgramFloor(const NgramClassifier& classifier, TextUnit unit, const ExampleSet& judged,
                      std::span<const int32_t> targets) {
  std::string name = fmt::format("logistic regression of {} pairs", unit == TextUnit::kWords ? "word" : "character");
  if (classifier.stride > 1) name += fmt::format(", one of {}", classifier.stride);
  return {name,
          ScoreProbabilities(NgramProbabilities(classifier, CutExamples(judged, unit)), targets, classifier.classes())};
}

}  // namespace eddy

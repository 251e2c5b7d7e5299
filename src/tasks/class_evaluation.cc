#include "tasks/class_evaluation.h"

#include <numeric>

namespace eddy {
namespace {

double PercentWrong(const ClassScores& scores) { return 100 * (1 - scores.accuracy); }

}  // namespace

ClassFloor MajorityClass(std::span<const size_t> counts, std::span<const int32_t> targets) {
  const size_t classes = counts.size();
  const double total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), classes));
  std::vector<double> probabilities;
  for (size_t i = 0; i < targets.size(); ++i) {
    for (const size_t count : counts) probabilities.push_back(static_cast<double>(count + 1) / total);
  }
  return {"majority class", ScoreProbabilities(probabilities, targets, classes)};
}

Verdict JudgeClassifier(const ClassifierResult& result) {
  std::vector<NamedFigure> floors;
  for (const ClassFloor& floor : result.floors) floors.push_back({floor.name, PercentWrong(floor.scores)});
  return CompareWithFloors(PercentWrong(result.network), floors, "% wrong");
}

}  // namespace eddy

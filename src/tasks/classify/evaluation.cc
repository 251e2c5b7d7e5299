#include "tasks/classify/evaluation.h"

namespace eddy {
namespace {

double PercentWrong(const ClassScores& scores) { return 100 * (1 - scores.accuracy); }

}  // namespace

std::string NetworkName(const ClassifierResult& result) {
  return result.with_regression ? "network with the regression" : "network";
}

Verdict JudgeClassifier(const ClassifierResult& result) {
  std::vector<NamedFigure> floors;
  for (const ClassFloor& floor : result.floors) floors.push_back({floor.name, PercentWrong(floor.scores)});
  return CompareWithFloors(PercentWrong(result.network), floors, "% wrong", NetworkName(result));
}

}  // namespace eddy

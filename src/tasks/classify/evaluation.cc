#include "tasks/classify/evaluation.h"

namespace eddy {
namespace {

// For each example whether it is wrong, and 1.
PartSums WrongOf(const std::vector<uint8_t>& wrong) {
  PartSums parts{2};
  for (const uint8_t each : wrong) parts.Add(std::vector<double>{double{1} * each, 1});
  return parts;
}

}  // namespace

std::string NetworkName(const ClassifierResult& result) {
  return result.with_regression ? "network with the regression" : "network";
}

Verdict JudgeClassifier(const ClassifierResult& result) {
  std::vector<JudgedMethod> floors;
  for (const ClassFloor& floor : result.floors) floors.push_back({floor.name, WrongOf(floor.scores.wrong)});
  const JudgedFigure figure = {
      .of = [](std::span<const double> sums) { return 100 * sums[0] / sums[1]; }, .unit = "% wrong", .of_shares = true};
  const bool crossed = !result.crossed_wrong.empty();
  const JudgedMethod network = {NetworkName(result) + (crossed ? ", cross-fitted," : ""),
                                WrongOf(crossed ? result.crossed_wrong : result.network.wrong)};
  return JudgeByParts(network, floors, figure, result.halves);
}

}  // namespace eddy

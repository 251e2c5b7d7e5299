#include "tasks/tag/evaluation.h"

namespace eddy {

Verdict JudgeTagger(const TaggerResult& result) {
  std::vector<JudgedMethod> floors;
  for (const TagFloor& floor : result.floors) floors.push_back({floor.name, floor.scores.parts});
  const JudgedFigure figure = {
      // As F1, which is 0 where there is nothing to count.
      .of = [](std::span<const double> sums) { return 100 - (sums[1] > 0 ? 100 * sums[0] / sums[1] : 0); },
      .unit = result.network.spells_chunks ? "points of F1 short of 100" : "% of tags wrong",
      .part = "sequence"};
  return JudgeByParts({"network", result.network.parts}, floors, figure, result.halves);
}

}  // namespace eddy

#include "tasks/tag/evaluation.h"

namespace eddy {

Verdict JudgeTagger(const TaggerResult& result) {
  std::vector<NamedFigure> floors;
  for (const TagFloor& floor : result.floors) floors.push_back({floor.name, 100 - floor.scores.Percent()});
  const char* unit = result.network.spells_chunks ? "points of F1 short of 100" : "% of tags wrong";
  return CompareWithFloors(100 - result.network.Percent(), floors, unit);
}

}  // namespace eddy

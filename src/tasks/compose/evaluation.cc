#include "tasks/compose/evaluation.h"

namespace eddy {

std::string MusicUnit(bool events) { return events ? "nats an event" : "nats a frame"; }

Verdict JudgeComposer(const ComposerResult& result) {
  std::vector<NamedFigure> floors;
  for (const MusicFloor& floor : result.floors) floors.push_back({floor.name, floor.nats});
  return CompareWithFloors(result.network.nats, floors, MusicUnit(result.events));
}

}  // namespace eddy

#include "tasks/compose/evaluation.h"

namespace eddy {

std::string MusicUnit(bool events) { return events ? "nats an event" : "nats a frame"; }

Verdict JudgeComposer(const ComposerResult& result) {
  std::vector<JudgedMethod> floors;
  for (const MusicFloor& floor : result.floors) floors.push_back({floor.name, floor.parts});
  const JudgedFigure figure = {.of = [](std::span<const double> sums) { return sums[0] / sums[1]; },
                               .unit = MusicUnit(result.events),
                               .part = "piece"};
  return JudgeByParts({"network", result.network.parts}, floors, figure, AllJudge(result.network.parts.size()));
}

}  // namespace eddy

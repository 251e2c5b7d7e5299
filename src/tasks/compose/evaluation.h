// A composer beside its floors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/verdict.h"
#include "tasks/compose/floors.h"
#include "tasks/compose/harmony.h"
#include "tasks/compose/model.h"

namespace eddy {

struct ComposerResult {
  bool events = false;
  size_t pieces = 0;
  MusicScore network;
  std::vector<MusicFloor> floors;
  std::optional<HarmonyScore> harmonies = {};  // of a network that harmonises, where it was asked to
};

std::string MusicUnit(bool events);  // "nats a frame"
Verdict JudgeComposer(const ComposerResult& result);

}  // namespace eddy

// A tagger beside its floors.
#pragma once

#include <string>
#include <vector>

#include "report/sections.h"
#include "tasks/tag/floors.h"

namespace eddy {

struct TaggerResult {
  std::vector<std::string> tags;
  double loss = 0;  // nats a token
  TagScores network;
  std::vector<TagFloor> floors;
};

// By how much the F1 of chunks, or the accuracy where tags spell none, is short of 100%.
Verdict JudgeTagger(const TaggerResult& result);

}  // namespace eddy

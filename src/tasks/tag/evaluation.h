// A tagger beside its floors.
#pragma once

#include <string>
#include <vector>

#include "data/halves.h"
#include "report/verdict.h"
#include "tasks/tag/floors.h"

namespace eddy {

struct TaggerResult {
  std::vector<std::string> tags;
  Halves halves;    // of the sequences, those that chose and those that judge
  double loss = 0;  // nats a token
  TagScores network;
  std::vector<TagFloor> floors;
};

// By how much the F1 of chunks, or the accuracy where tags spell none, is short of 100%, of the
// sequences that judge.
Verdict JudgeTagger(const TaggerResult& result);

}  // namespace eddy

// A classifier beside its floors.
#pragma once

#include <string>
#include <vector>

#include "report/sections.h"
#include "tasks/classify/floors.h"

namespace eddy {

struct ClassifierResult {
  std::vector<std::string> classes;
  ClassScores network;
  std::vector<ClassFloor> floors;
  bool with_regression = false;  // whether the network's log odds have those of n-grams beside them
};

std::string NetworkName(const ClassifierResult& result);  // of its row in tables
// By the share of examples that are classified wrongly.
Verdict JudgeClassifier(const ClassifierResult& result);

}  // namespace eddy

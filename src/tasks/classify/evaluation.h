// A classifier beside its floors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/halves.h"
#include "report/verdict.h"
#include "tasks/classify/floors.h"

namespace eddy {

struct ClassifierResult {
  std::vector<std::string> classes;
  ClassScores network;
  std::vector<ClassFloor> floors;
  Halves halves;  // of the examples, those that chose and those that judge
  // Of the network cross-fitted, where all of few examples chose: what judges an example was fitted on others.
  std::vector<uint8_t> crossed_wrong = {};
  std::optional<ClassScores> alone = {};  // of the network without the regression, where it has one
  std::optional<double> cost_ratio = {};  // of two classes: what a missed one of the second costs, a false alarm being 1
  bool with_regression = false;           // whether the network's log odds have those of n-grams beside them
};

std::string NetworkName(const ClassifierResult& result);  // of its row in tables
// By the share of examples that are classified wrongly, of those that judge.
Verdict JudgeClassifier(const ClassifierResult& result);

}  // namespace eddy

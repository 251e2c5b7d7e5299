// A classifier beside its floors.
#pragma once

#include <string>
#include <vector>

#include "tasks/class_floors.h"
#include "tasks/report_sections.h"

namespace eddy {

struct ClassifierResult {
  std::vector<std::string> classes;
  ClassScores network;
  std::vector<ClassFloor> floors;
};

// By the share of examples that are classified wrongly.
Verdict JudgeClassifier(const ClassifierResult& result);

}  // namespace eddy

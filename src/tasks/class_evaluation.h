// A classifier beside its floors.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tasks/class_scores.h"
#include "tasks/classifier.h"
#include "tasks/report_sections.h"

namespace eddy {

struct ClassFloor {
  std::string name;
  ClassScores scores;
};

struct ClassifierResult {
  std::vector<std::string> classes;
  ClassScores network;
  std::vector<ClassFloor> floors;
};

// Always the most frequent class, with the classes' shares in training for probabilities (one example more of each, so that
// none is impossible).
ClassFloor MajorityClass(std::span<const size_t> counts, std::span<const int32_t> targets);

// By the share of examples that are classified wrongly.
Verdict JudgeClassifier(const ClassifierResult& result);

}  // namespace eddy

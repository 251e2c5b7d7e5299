// The examples of a classifier, read and split: what training needs, and what is kept in the model so that `evaluate` knows
// training data when it sees them and finds them again for the floor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/examples.h"
#include "model/json.h"

namespace eddy {

struct ClassSource {
  std::string file;
  std::string hash;            // of what was read of it
  std::string valid_file;      // empty where a share of each class is held out
  double share = 0;            // which
  std::vector<size_t> counts;  // of each class in the training part
};

struct ClassData {
  ClassSource source;
  std::vector<std::string> classes;
  ExampleSet train, held_out;
  std::string fingerprint;  // of both
};

// Reads and splits. The classes are those of `source.file`; fills in the hash and the counts. Throws Error.
ClassData LoadClassData(ClassSource source, const ExampleFields& fields);
// The split that training had, of the training file read again.
ClassData SplitAgain(ClassSource source, ExampleSet set);

std::string HashOf(const ExampleSet& set);

// What was trained on, from `path`, or where that is empty from where it was; none where it is no longer there. Throws Error
// for a path that has other examples.
std::optional<ExampleSet> FindTrainingExamples(const ClassSource& source, const ExampleFields& fields,
                                               const std::string& path);

Json ToJson(const ClassSource& source);
ClassSource ClassSourceFromJson(const Json& json);  // throws Error

}  // namespace eddy

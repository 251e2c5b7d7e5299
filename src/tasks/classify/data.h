// The examples of a classifier, read and split: what training needs, and what is kept in the model so that `evaluate` knows
// training data when it sees them and finds them again for the floor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/examples.h"
#include "data/halves.h"
#include "tasks/train_options.h"
#include "train/data_source.h"

namespace eddy {

struct ClassData {
  DataSource source;
  std::vector<std::string> classes;
  ExampleSet train, held_out;
  Halves halves;            // of what is held out
  std::string fingerprint;  // of both
};

// Splits `set`, or takes `valid` for what is held out where there is one. The classes are those of `set`; fills in the hash
// and the counts of `source`. Throws Error.
ClassData SplitClassData(DataSource source, ExampleSet set, std::optional<ExampleSet> valid);
// The same, read from `data`.
ClassData LoadClassData(const Data& data, const HeldOut& held_out, const ExampleFields& fields);
// The split that training had, of the training file read again.
ClassData SplitAgain(DataSource source, ExampleSet set);

// Learns these classes rather than those of the training examples. Throws Error for an example of another.
void UseClasses(const std::vector<std::string>& classes, ClassData& data);

std::string HashOf(const ExampleSet& set);

// What the classifier reads of each example, without the label: to count those that stand in two sets. Valid as long as the
// set.
std::vector<std::string_view> InputsOf(const ExampleSet& set);

// What was trained on, from `path`, or where that is empty from where it was; none where it is no longer there. Throws Error
// for a path that has other examples.
std::optional<ExampleSet> FindTrainingExamples(const DataSource& source, const ExampleFields& fields,
                                               const std::string& path);

}  // namespace eddy

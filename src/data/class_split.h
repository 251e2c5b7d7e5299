// The classes of a set of examples, and which examples are held out to judge by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/examples.h"

namespace eddy {

inline constexpr size_t kMostClasses = 10'000;

// The different labels, by value where all are numbers, else by spelling. Throws Error for a single one, for more than
// kMostClasses, and where hardly a label occurs twice.
std::vector<std::string> ClassesOf(const ExampleSet& set);

// The class of each example. Throws Error, naming the place and the nearest class, for a label that is none of `classes`.
std::vector<int32_t> TargetsOf(const ExampleSet& set, const std::vector<std::string>& classes);

// The seed by which a held-out share is drawn, of examples of any kind. It is the same for networks of different seeds,
// so that they learn and are judged on the same examples, and may decide together.
inline constexpr uint64_t kSplitKey = 1;

// Which of `count` examples, at least 2, are held out of a share in (0, 1): to the nearest whole number, but one at least
// and never all.
std::vector<uint8_t> DrawHeldOut(size_t count, double share);

struct ClassSplit {
  std::vector<size_t> train, held_out;  // places of examples, rising
};

// Holds out a share in (0, 1) of each class, to the nearest whole number but never all of it. Throws Error when that
// leaves nothing to hold out.
ClassSplit SplitByClass(const std::vector<int32_t>& targets, size_t classes, double share);

}  // namespace eddy

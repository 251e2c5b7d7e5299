// How good probabilities of one of two classes are, such as of a default: how well they order the examples, and whether they
// are what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

struct ReliabilityBin {
  double said = 0;   // mean probability
  double share = 0;  // of examples that are of the class
  size_t examples = 0;
};

// A figure that is not defined, as where all examples are of one class, is NaN.
struct BinaryScores {
  double auc = 0;    // area under the ROC curve: an example of the class is above one that is not; ties count half
  double ks = 0;     // Kolmogorov and Smirnov: largest distance of the two distributions of probabilities
  double brier = 0;  // mean square of probability less outcome (Brier 1950)
  std::vector<double> probability;          // [N]: what was scored
  std::vector<uint8_t> positive;            // [N]
  std::vector<ReliabilityBin> reliability;  // rising: ten of one number of examples, equal probabilities never parted
};

// probability [N] of the class, positive [N]: whether an example is of it.
BinaryScores ScoreBinary(std::span<const double> probability, std::span<const uint8_t> positive);

}  // namespace eddy

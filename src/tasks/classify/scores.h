// How good predicted classes are. Shapes: N examples, C classes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "metrics/binary_scores.h"

namespace eddy {

// A figure that is not defined is NaN.
struct ClassScores {
  size_t examples = 0;  // N
  double accuracy = 0;  // share of examples whose likeliest class is the right one
  double macro_f1 = 0;  // mean over classes of 2 tp / (2 tp + fp + fn); classes that never occur, right or predicted,
                        // are left out
  double log_loss = 0;  // mean of -ln p(right class), p kept at 1e-15 or above
  double calibration_error = 0;             // expected calibration error over 15 bins of confidence (Guo 2017, equation 3)
  std::vector<uint8_t> wrong;               // [N]: whether an example is classified wrongly
  std::vector<size_t> confusion;            // [C, C]: examples of class r predicted as class c
  std::optional<BinaryScores> binary = {};  // of the second of two classes; none of predictions without probabilities
};

// probabilities [N, C], targets [N] in [0, C).
ClassScores ScoreProbabilities(std::span<const double> probabilities, std::span<const int32_t> targets, size_t classes);
ClassScores ScoreLogits(std::vector<double> logits, std::span<const int32_t> targets, size_t classes);
// Scores predictions that have no probability, which leaves the log loss and the calibration error undefined.
ClassScores ScorePredictions(std::span<const int32_t> predicted, std::span<const int32_t> targets, size_t classes);

// Examples of one class that were taken for another.
struct Confused {
  size_t right, said, examples;
};
// The `most` most frequent confusions, the most frequent first. confusion [C, C] as in ClassScores.
std::vector<Confused> MostConfused(const std::vector<size_t>& confusion, size_t classes, size_t most);

// The likeliest class, the first of equals.
int32_t LikeliestClass(std::span<const double> probabilities);

// probabilities [C] from logits [C].
void Softmax(std::span<const double> logits, std::span<double> probabilities);

}  // namespace eddy

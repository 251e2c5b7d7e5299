// What decisions by a probability cost where the two kinds of mistakes do not cost the same: a missed example of the class,
// such as a default, and a false alarm (Drummond and Holte 2006, "Cost curves: An improved method for visualizing classifier
// performance").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

// Decisions: an example is said to be of the class where its probability is at least `threshold`.
struct CostedThreshold {
  double threshold = 0;           // above 1 for one that says so of none
  double missed = 0, alarms = 0;  // share of the class that is missed, and of the others that are said to be of it
  double cost = 0;                // mean of an example, a false alarm being 1
};

// Expected costs at kCostPlaces even places from 0 to 1 of what the class weighs: p C / (p C + 1 - p), p being its share and
// C what a missed one costs, a false alarm being 1. A cost is a share of that of being always wrong: without a look at the
// examples it is the less of that weight and 1 less it.
inline constexpr size_t kCostPlaces = 101;
struct CostCurve {
  std::vector<double> lowest;  // of the best threshold for each place, as ROC curves have it: in hindsight
  std::vector<double> said;    // of the threshold that the place itself says, 1 / (1 + C): of who believes the probabilities
  double area = 0;             // mean of `lowest`; 0.25 without a look
};

// probability [N] of the class, positive [N]: whether an example is of it. Empty where all are of one class. O(N log N), and
// N for each place.
CostCurve DrawCostCurve(std::span<const double> probability, std::span<const uint8_t> positive);

// Where a missed one costs `ratio` false alarms, above 0.
double SaidThreshold(double ratio);  // the best one of true probabilities: 1 / (1 + ratio)
// The best one of these examples, the highest of equals, in the middle between two probabilities. Shares of no examples are
// 0.
CostedThreshold BestThreshold(std::span<const double> probability, std::span<const uint8_t> positive, double ratio);
CostedThreshold CostOf(std::span<const double> probability, std::span<const uint8_t> positive, double ratio,
                       double threshold);

}  // namespace eddy

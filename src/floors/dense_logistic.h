// Logistic regression with an L2 penalty on a few dense numbers, such as the last returns of a price: to its one optimum, by
// Newton's method. Cost: O(N D^2) a pass, mostly 5 of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

struct DenseLogistic {
  std::vector<double> weights;  // [D]
  double bias = 0;

  double LogOdds(std::span<const double> x) const;
};

// x [N, D], positive [N]. The penalty, `ridge` times half the squared norm of the weights, leaves the bias free but for a
// little.
DenseLogistic FitDenseLogistic(std::span<const double> x, size_t columns, std::span<const uint8_t> positive,
                               double ridge = 1);

}  // namespace eddy

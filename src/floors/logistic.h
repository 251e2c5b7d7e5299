// Binary logistic regression with an L2 penalty on sparse features, to its one optimum.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

// Which features each example has, example after another: those of example i are indices[ends[i-1] .. ends[i]).
struct SparseRows {
  std::vector<uint32_t> indices;
  std::vector<size_t> ends;

  size_t size() const { return ends.size(); }
  std::span<const uint32_t> row(size_t i) const {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(indices).subspan(begin, ends[i] - begin);
  }
};

struct LogisticOptions {
  double cost = 1;  // of the losses, beside half the squared norm of the weights: C of Yu 2011
  int most_passes = 100;
  double tolerance = 1e-3;  // in the log odds of every example
};

struct LogisticModel {
  std::vector<double> weights;  // of the features
  double bias = 0;
};

// A feature that is there has the value values[feature]. positive [N]: whether an example is of the class.
LogisticModel FitLogistic(const SparseRows& rows, std::span<const double> values, std::span<const uint8_t> positive,
                          const LogisticOptions& options = {});

}  // namespace eddy

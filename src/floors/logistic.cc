#include "floors/logistic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eddy/random.h"

namespace eddy {
namespace {

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The t with t + b + a (sigmoid(t) - old) = 0; the left side rises with a slope of at least 1. Newton's steps, halving where
// they leave the bracket.
double SolveForOne(double a, double b, double old) {
  double low = -b + a * old - a, high = -b + a * old;
  double t = (low + high) / 2;
  for (int i = 0; i < 50; ++i) {
    const double share = Sigmoid(t);
    const double value = t + b + a * (share - old);
    if (std::abs(value) < 1e-12) break;
    (value > 0 ? high : low) = t;
    const double next = t - value / (1 + a * share * (1 - share));
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

}  // namespace

// Dual coordinate descent (Yu, Huang and Lin 2011). At the optimum w = sum of C sigmoid(t_i) y_i x_i with t_i = -y_i w x_i;
// one t_i after the other is made to hold, the others kept. It never leaves (0, C), since t_i is kept rather than its share.
LogisticModel FitLogistic(const SparseRows& rows, std::span<const double> values, std::span<const uint8_t> positive,
                          const LogisticOptions& options) {
  const size_t n = rows.size();
  LogisticModel model;
  std::vector<double> w(values.size());
  std::vector<double> shares(n, 0), squares(n, 1);  // 1 for the bias
  for (size_t i = 0; i < n; ++i) {
    for (const uint32_t feature : rows.row(i)) squares[i] += values[feature] * values[feature];
  }
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(1);
  for (int pass = 0; pass < options.most_passes; ++pass) {
    for (size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
    double largest = 0;  // by how much a t_i was moved
    for (const size_t i : order) {
      const double sign = positive[i] ? 1 : -1;
      double log_odds = model.bias;
      for (const uint32_t feature : rows.row(i)) log_odds += w[feature] * values[feature];
      const double t = SolveForOne(options.cost * squares[i], sign * log_odds, shares[i]);
      largest = std::max(largest, std::abs(t + sign * log_odds));
      const double step = sign * options.cost * (Sigmoid(t) - shares[i]);
      shares[i] = Sigmoid(t);
      for (const uint32_t feature : rows.row(i)) w[feature] += step * values[feature];
      model.bias += step;
    }
    if (largest < options.tolerance) break;
  }
  model.weights = std::move(w);
  return model;
}

}  // namespace eddy

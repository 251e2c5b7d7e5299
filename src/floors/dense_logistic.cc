#include "floors/dense_logistic.h"

#include <cmath>

namespace eddy {
namespace {

constexpr int kMostPasses = 50;
constexpr double kBiasRidge = 1e-6;  // keeps the bias finite where all are of one class
constexpr double kMostStep = 10;     // of a weight in a pass

// Cholesky's factors of a positive definite matrix [n, n], and the solution of a x = b in place of b.
void SolveDefinite(std::vector<double>& a, std::vector<double>& b) {
  const size_t n = b.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j * n + j];
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
}

}  // namespace

double DenseLogistic::LogOdds(std::span<const double> x) const {
  double sum = bias;
  for (size_t d = 0; d < weights.size(); ++d) sum += weights[d] * x[d];
  return sum;
}

DenseLogistic FitDenseLogistic(std::span<const double> x, size_t columns, std::span<const uint8_t> positive, double ridge) {
  const size_t D = columns, n = D + 1;
  DenseLogistic model{std::vector<double>(D, 0), 0};
  for (int pass = 0; pass < kMostPasses; ++pass) {
    std::vector<double> hessian(n * n, 0), step(n, 0);
    for (size_t i = 0; i < positive.size(); ++i) {
      const std::span<const double> row = x.subspan(i * D, D);
      const double p = 1 / (1 + std::exp(-model.LogOdds(row))), off = (positive[i] != 0 ? 1 : 0) - p, share = p * (1 - p);
      const auto at = [&](size_t d) { return d == D ? 1 : row[d]; };
      for (size_t d = 0; d < n; ++d) {
        step[d] += off * at(d);
        for (size_t e = 0; e <= d; ++e) hessian[d * n + e] += share * at(d) * at(e);
      }
    }
    for (size_t d = 0; d < n; ++d) {
      const double penalty = d == D ? kBiasRidge : ridge;
      step[d] -= penalty * (d == D ? model.bias : model.weights[d]);
      hessian[d * n + d] += penalty;
    }
    SolveDefinite(hessian, step);
    double largest = 0;
    for (double& each : step) {
      each = std::min(kMostStep, std::max(-kMostStep, each));
      largest = std::max(largest, std::abs(each));
    }
    for (size_t d = 0; d < D; ++d) model.weights[d] += step[d];
    model.bias += step[D];
    if (largest < 1e-8) break;
  }
  return model;
}

}  // namespace eddy

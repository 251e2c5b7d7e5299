#include "floors/ridge_classifier.h"

#define EIGEN_DONT_PARALLELIZE  // sums have one order
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

#include "metrics/temperature.h"

namespace eddy {
namespace {

using Matrix = Eigen::MatrixXd;
using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kPenalties[] = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};  // of a centred example's mean square
constexpr double kLeastDeviation = 1e-2;                            // that features are divided by

struct Fit {
  Matrix duals;     // [N, C]: weights are features' times these
  Matrix left_out;  // [N, C]
  double error = 0;
};

// With K = X X' of centred X, which a vector of ones makes 0: duals = (K + penalty)^-1 y, and what is missed of example i,
// left out, is dual_i over the diagonal of the inverse outside that vector. A number added to K along it keeps the inverse
// small there.
Fit FitWith(const Matrix& products, const Matrix& y, const Eigen::RowVectorXd& mean, double penalty, double along_ones) {
  const auto N = products.rows();
  Matrix sum = products.array() + along_ones / static_cast<double>(N);
  sum.diagonal().array() += penalty;
  const Eigen::LLT<Matrix> factors(sum);
  Fit fit;
  fit.duals = factors.solve(y.rowwise() - mean);
  Matrix inverse = Matrix::Identity(N, N);
  factors.matrixL().solveInPlace(inverse);  // of the lower factor: its columns' squares are the diagonal of the whole
  const Eigen::ArrayXd diagonal =
      inverse.colwise().squaredNorm().transpose().array() - 1 / (static_cast<double>(N) * (penalty + along_ones));
  const Matrix missed = fit.duals.array().colwise() / diagonal.max(1e-12 / (penalty + along_ones));
  fit.left_out = y - missed;
  fit.error = missed.squaredNorm();
  return fit;
}

// Less the means of their rows and columns: float sums leave some of them.
void Centre(Matrix& products) {
  const Eigen::VectorXd of_rows = products.rowwise().mean();
  products.colwise() -= of_rows;
  const Eigen::RowVectorXd of_columns = products.colwise().mean();
  products.rowwise() -= of_columns;
}

}  // namespace

RidgeClassifier FitRidge(std::span<const float> features, std::span<const int32_t> targets, size_t classes,
                         Threads& threads) {
  const auto N = static_cast<Eigen::Index>(targets.size()), C = static_cast<Eigen::Index>(classes);
  const auto F = static_cast<Eigen::Index>(features.size() / targets.size());
  Rows x = Eigen::Map<const Rows>(features.data(), N, F);
  const Eigen::RowVectorXf centre = x.colwise().mean();
  x.rowwise() -= centre;
  const Eigen::RowVectorXf deviation =
      (x.colwise().squaredNorm() / static_cast<float>(N)).cwiseSqrt().cwiseMax(static_cast<float>(kLeastDeviation));
  x.array().rowwise() /= deviation.array();
  Matrix y = Matrix::Constant(N, C, -1);
  for (Eigen::Index i = 0; i < N; ++i) y(i, targets[static_cast<size_t>(i)]) = 1;
  const Eigen::RowVectorXd mean = y.colwise().mean();

  Matrix products = (x * x.transpose()).cast<double>();
  Centre(products);
  const double scale = std::max(products.trace() / static_cast<double>(N), 1e-6);
  std::vector<Fit> fits(std::size(kPenalties));
  threads.For(fits.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      fits[i] = FitWith(products, y, mean, kPenalties[i] * scale, scale);
    }
  });
  const Fit* best = &fits[0];
  for (const Fit& fit : fits) {
    if (fit.error < best->error) best = &fit;
  }

  RidgeClassifier ridge;
  for (Eigen::Index i = 0; i < N; ++i) {
    for (Eigen::Index c = 0; c < C; ++c) ridge.left_out.push_back(best->left_out(i, c));
  }
  const double temperature = FitTemperature(ridge.left_out, targets, classes).temperature;
  for (double& odds : ridge.left_out) odds /= temperature;
  Rows weights = (x.transpose() * best->duals.cast<float>()) / static_cast<float>(temperature);
  weights.array().colwise() /= deviation.transpose().array();
  ridge.weights.assign(weights.data(), weights.data() + weights.size());
  const Eigen::RowVectorXd bias = mean / temperature - centre.cast<double>() * weights.cast<double>();
  ridge.bias.assign(bias.data(), bias.data() + bias.size());
  return ridge;
}

}  // namespace eddy

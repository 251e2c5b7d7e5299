#include "floors/garch.h"

#include <nlopt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace eddy {
namespace {

constexpr double kLeastVariance = 1e-12;  // of values scaled to a variance of 1
constexpr double kMostPersistence = 0.99999;
constexpr int kMostEvaluations = 4000;

double MeanSquare(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return x.empty() ? 0 : sum / static_cast<double>(x.size());
}

// What is optimised: the parameters of x scaled to a variance of 1.
struct Problem {
  std::vector<double> x;
  GarchKind kind;

  Garch At(const double* p) const { return {p[0], p[1], kind == GarchKind::kLeverage ? p[3] : 0, p[2], 1}; }
};

double Evaluate(unsigned, const double* parameters, double*, void* data) {
  const auto& problem = *static_cast<const Problem*>(data);
  const Garch garch = problem.At(parameters);
  if (garch.persistence() >= kMostPersistence) return 1e12 * (1 + garch.persistence());
  return NormalLoss(garch, problem.x);
}

using Parameters = std::array<double, 4>;  // omega, alpha, beta, leverage

double Minimize(Problem& problem, Parameters& parameters) {
  const unsigned count = problem.kind == GarchKind::kLeverage ? 4 : 3;
  const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> optimizer(nlopt_create(NLOPT_LN_NELDERMEAD, count), nlopt_destroy);
  nlopt_opt run = optimizer.get();
  const Parameters least = {1e-8, 0, 0, 0}, most = {2, 1, 1, 1}, step = {0.02, 0.03, 0.03, 0.03};
  nlopt_set_lower_bounds(run, least.data());
  nlopt_set_upper_bounds(run, most.data());
  nlopt_set_initial_step(run, step.data());
  nlopt_set_min_objective(run, Evaluate, &problem);
  nlopt_set_xtol_rel(run, 1e-9);
  nlopt_set_ftol_rel(run, 1e-12);
  nlopt_set_maxeval(run, kMostEvaluations);
  double loss = std::numeric_limits<double>::infinity();
  nlopt_optimize(run, parameters.data(), &loss);  // at the limit of evaluations the best point is as good as any
  return loss;
}

}  // namespace

std::vector<double> Variances(const Garch& garch, std::span<const double> x) {
  std::vector<double> variances(x.size() + 1);
  variances[0] = garch.start;
  for (size_t t = 0; t < x.size(); ++t) {
    const double weight = garch.alpha + (x[t] < 0 ? garch.leverage : 0);
    variances[t + 1] = garch.omega + weight * x[t] * x[t] + garch.beta * variances[t];
  }
  return variances;
}

double VarianceOver(const Garch& garch, double next, size_t horizon) {
  double sum = 0;
  for (size_t h = 0; h < horizon; ++h) {
    sum += next;
    next = garch.omega + garch.persistence() * next;
  }
  return sum;
}

double NormalLoss(const Garch& garch, std::span<const double> x) {
  double loss = 0, variance = garch.start;
  for (const double value : x) {
    const double v = std::max(variance, kLeastVariance);
    loss += 0.5 * (std::log(v) + value * value / v);
    variance = garch.omega + (garch.alpha + (value < 0 ? garch.leverage : 0)) * value * value + garch.beta * variance;
  }
  return loss;
}

Garch FitGarch(std::span<const double> x, GarchKind kind) {
  const double variance = MeanSquare(x);
  if (variance == 0) return {0, 0, 0, 1, kLeastVariance};
  Problem problem{{x.begin(), x.end()}, kind};
  for (double& value : problem.x) value /= std::sqrt(variance);
  double least = std::numeric_limits<double>::infinity();
  Parameters best{};
  for (const Parameters& begin : {Parameters{0.01, 0.02, 0.9, 0.1}, Parameters{0.05, 0.1, 0.8, 0.05}}) {
    Parameters parameters = begin;
    // A simplex that has shrunk too early is begun again where it ended.
    double loss = Minimize(problem, parameters);
    loss = std::min(loss, Minimize(problem, parameters));
    if (loss < least) {
      least = loss;
      best = parameters;
    }
  }
  Garch garch = problem.At(best.data());
  garch.omega *= variance;
  garch.start = variance;
  return garch;
}

Garch MovingAverage(std::span<const double> x, double decay) {
  return {0, 1 - decay, 0, decay, std::max(MeanSquare(x), kLeastVariance)};
}

}  // namespace eddy

#include "tasks/risk/head.h"

#include <algorithm>
#include <cmath>

#include "eddy/loss.h"
#include "loss/mean_loss.h"
#include "loss/special.h"

namespace eddy {
namespace {

constexpr double kLeastFreedom = 2.1;
constexpr double kLeastStep = 1e-4;  // that a softplus encodes

double InverseSoftplus(double y) {
  y = std::max(y, kLeastStep);
  return y > 30 ? y : std::log(std::expm1(y));
}

double LogOdds(double p) {
  p = std::clamp(p, 1e-3, 1 - 1e-3);
  return std::log(p / (1 - p));
}

// -log density of y, with its slopes by s, n and k.
double StudentLoss(const Real* raw, double sigma, double y, double* slopes) {
  const double v = kLeastFreedom + Softplus(raw[1]);
  const double q = std::pow(LimitedScore(y / sigma), 2) / (v - 2), share = q / (1 + q);
  slopes[0] = 1 - (v + 1) * share;
  const double rise = LogGammaRiseSlope(v / 2, 0.5) / 2 + 0.5 / v;  // of log Gamma((v + 1) / 2) - log Gamma(v / 2)
  slopes[1] = (0.5 / (v - 2) - rise + 0.5 * std::log1p(q) - (v + 1) / 2 * share / (v - 2)) * Logistic(raw[1]);
  return std::log(sigma) + 0.5 * std::log(v - 2) - LogGammaRise(v / 2, 0.5) - 0.5 * std::log(v / 2) +
         (v + 1) / 2 * std::log1p(q);
}

double MixtureLoss(const Real* raw, double sigma, double y, double* slopes) {
  const double p = Logistic(raw[1]), k = 1 + Softplus(raw[2]);
  const double spread = 1 - p + p * k * k;         // of the variance, over the first's
  const double first = sigma / std::sqrt(spread);  // deviations
  const double z1 = LimitedScore(y / first), z2 = z1 / k;
  const double log1 = std::log1p(-p) - z1 * z1 / 2, log2 = std::log(p) - std::log(k) - z2 * z2 / 2;
  const double most = std::max(log1, log2);
  const double w1 = std::exp(log1 - most), w2 = std::exp(log2 - most), r2 = w2 / (w1 + w2);
  const double by_first = (1 - r2) * (1 - z1 * z1) + r2 * (1 - z2 * z2);  // slope by log first
  slopes[0] = by_first;
  slopes[1] = by_first * -0.5 * (k * k - 1) / spread * p * (1 - p) + p - r2;
  slopes[2] = (by_first * -p * k * k / spread + r2 * (1 - z2 * z2)) / k * Logistic(raw[2]);
  return std::log(first) - most - std::log(w1 + w2);
}

// The joint score of one level and its slopes.
double ScoreSlopes(double y, double v, double e, double level, double& by_value, double& by_shortfall) {
  const double hit = y <= v ? 1 : 0;
  by_value = -hit / (level * e) + 1 / e;
  by_shortfall = hit * (v - y) / (level * e * e) - v / (e * e) + 1 / e;
  return -hit * (v - y) / (level * e) + v / e + std::log(-e) - 1;
}

// The mean over levels; adds to the slope by s, writes those of the 2 Q numbers.
double TailLoss(const Real* raw, double sigma, double y, std::span<const double> levels, double& by_scale, Real* slopes) {
  const size_t Q = levels.size();
  std::vector<TailRisk> tails(Q), grads(Q);
  DecodeTails(raw, sigma, tails);
  double loss = 0;
  const double share = 1 / static_cast<double>(Q);
  for (size_t q = 0; q < Q; ++q) {
    loss += share * ScoreSlopes(y, tails[q].value, tails[q].shortfall, levels[q], grads[q].value, grads[q].shortfall);
    by_scale += share * (grads[q].value * tails[q].value + grads[q].shortfall * tails[q].shortfall);
  }
  for (size_t q = 0; q + 1 < Q; ++q) {
    const double l = Logistic(raw[2 * q]), distance = tails[q].shortfall - tails[q + 1].value;
    slopes[2 * q] = Finite(share * grads[q].value * distance * l * (1 - l));
    grads[q + 1].value += (1 - l) * grads[q].value;
    grads[q].shortfall += l * grads[q].value;
    grads[q + 1].shortfall += grads[q].shortfall;
    slopes[2 * q + 1] = Finite(-share * sigma * grads[q].shortfall * Logistic(raw[2 * q + 1]));
  }
  const TailRisk& last = grads[Q - 1];
  slopes[2 * Q - 1] = Finite(-share * sigma * last.shortfall * Logistic(raw[2 * Q - 1]));
  slopes[2 * Q - 2] = Finite(-share * sigma * (last.value + last.shortfall) * Logistic(raw[2 * Q - 2]));
  return loss;
}

}  // namespace

double RiskScale(const Real* raw) { return std::exp(std::clamp<double>(raw[0], -kMostLogScale, kMostLogScale)); }

void DecodeTails(const Real* raw, double sigma, std::span<TailRisk> tails) {
  const size_t Q = tails.size();
  const auto step = [&](size_t i) { return sigma * (Softplus(raw[i]) + kLeastScale); };
  double v = -step(2 * Q - 2), e = v - step(2 * Q - 1);
  tails[Q - 1] = {v, e};
  for (size_t q = Q - 1; q-- > 0;) {
    e -= step(2 * q + 1);
    v = std::max(e, v - Logistic(raw[2 * q]) * (v - e));  // rounding aside, never below
    tails[q] = {v, e};
  }
}

void EncodeTails(std::span<const TailRisk> tails, Real* raw) {
  const size_t Q = tails.size();
  raw[2 * Q - 2] = static_cast<Real>(InverseSoftplus(-tails[Q - 1].value));
  raw[2 * Q - 1] = static_cast<Real>(InverseSoftplus(tails[Q - 1].value - tails[Q - 1].shortfall));
  for (size_t q = Q - 1; q-- > 0;) {
    raw[2 * q + 1] = static_cast<Real>(InverseSoftplus(tails[q + 1].shortfall - tails[q].shortfall));
    const double all = tails[q + 1].value - tails[q].shortfall;
    raw[2 * q] = static_cast<Real>(LogOdds(all > 0 ? (tails[q + 1].value - tails[q].value) / all : 0.5));
  }
}

void EncodeDensity(ReturnDensity density, Real* raw) {
  if (density == ReturnDensity::kStudentT) {
    raw[0] = 6;
  } else {
    raw[0] = -2;
    raw[1] = 0.5;
  }
}

Var RiskLoss(Tape& tape, Var raw, const Tensor& targets, const Tensor& weights, std::span<const double> levels,
             ReturnDensity density) {
  const size_t first = density == ReturnDensity::kStudentT ? 2 : 3;
  const LossShape shape{"risk loss", first + 2 * levels.size()};
  RequirePositions(shape, tape.Value(raw).shape(), targets.shape());
  return MeanLoss(tape, shape, raw, targets, weights, [=](const Real* p, const Real* y, Real* slopes) {
    const double sigma = RiskScale(p);
    double of_density[3] = {};
    double loss =
        density == ReturnDensity::kStudentT ? StudentLoss(p, sigma, *y, of_density) : MixtureLoss(p, sigma, *y, of_density);
    loss += TailLoss(p + first, sigma, *y, levels, of_density[0], slopes + first);
    if (std::abs(p[0]) > kMostLogScale) of_density[0] = 0;
    for (size_t i = 0; i < first; ++i) slopes[i] = Finite(of_density[i]);
    return loss;
  });
}

}  // namespace eddy

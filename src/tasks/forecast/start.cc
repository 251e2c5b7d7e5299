#include "tasks/forecast/start.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr double kLeastScaledError = 1e-6;  // in scaled units
constexpr double kLeastGap = 1e-3;          // between quantiles
constexpr double kShareSlope = 4;           // a reference's share falls with this power of its error

double InverseSoftplus(double y) { return y + std::log(-std::expm1(-y)); }

// The quantile q of sorted values, between two of them in proportion.
double QuantileBetween(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

void ForecastStart::Add(const ForecastSeries& series, size_t origin) {
  const size_t H = design_.horizon, K = design_.references();
  references_.resize(references_.size() + H * K);
  targets_.resize(targets_.size() + H);
  weights_.resize(targets_.size());
  series.ReferencesAt(origin, &references_[references_.size() - H * K]);
  series.TargetsAt(origin, &targets_[targets_.size() - H], &weights_[weights_.size() - H]);
}

void ForecastStart::SetBias(const Tensor& bias) const {
  const size_t numbers = design_.references() + design_.quantiles.size();
  for (size_t h = 0; h < design_.horizon; ++h) SetStep(h, bias.values().subspan(h * numbers, numbers));
}

void ForecastStart::SetStep(size_t step, std::span<Real> bias) const {
  const size_t H = design_.horizon, K = design_.references(), windows = targets_.size() / H;
  const auto for_each_target = [&](const auto& visit) {
    for (size_t i = step; i < windows * H; i += H) {
      if (weights_[i] > 0) visit(&references_[i * K], targets_[i], weights_[i]);
    }
  };
  std::vector<double> errors(K, kLeastScaledError);
  for_each_target([&](const float* references, float target, float weight) {
    for (size_t k = 0; k < K; ++k) errors[k] += weight * std::abs(references[k] - target);
  });
  const double least = *std::min_element(errors.begin(), errors.end());
  std::vector<double> shares(K);
  double sum = 0;
  for (size_t k = 0; k < K; ++k) {
    bias[k] = static_cast<Real>(-kShareSlope * std::log(errors[k] / least));
    sum += shares[k] = std::exp(bias[k]);
  }

  std::vector<double> residuals;
  for_each_target([&](const float* references, float target, float) {
    double mix = 0;
    for (size_t k = 0; k < K; ++k) mix += shares[k] / sum * references[k];
    residuals.push_back(target - mix);
  });
  if (residuals.empty()) return;
  std::sort(residuals.begin(), residuals.end());
  const size_t median = design_.median();
  const auto residual = [&](size_t q) { return QuantileBetween(residuals, design_.quantiles[q]); };
  for (size_t q = 0; q < design_.quantiles.size(); ++q) {
    if (q == median) {
      bias[K + q] = static_cast<Real>(residual(q));
    } else {
      const double gap = q < median ? residual(q + 1) - residual(q) : residual(q) - residual(q - 1);
      bias[K + q] = static_cast<Real>(InverseSoftplus(std::max(gap, kLeastGap)));
    }
  }
}

}  // namespace eddy

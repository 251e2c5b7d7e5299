#include "metrics/sharpe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "metrics/normal.h"

namespace eddy {

SharpeRatio SharpeOf(std::span<const double> returns) {
  SharpeRatio sharpe;
  sharpe.periods = returns.size();
  const auto n = static_cast<double>(returns.size());
  double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  for (const double r : returns) mean += r / n;
  for (const double r : returns) {
    const double d = r - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (returns.size() < 2 || !(m2 > 1e-30)) return sharpe;
  sharpe.ratio = mean / std::sqrt(m2 * n / (n - 1));
  sharpe.skewness = m3 / std::pow(m2, 1.5);
  sharpe.kurtosis = m4 / (m2 * m2);
  return sharpe;
}

double ExpectedBestSharpe(double variance, size_t trials) {
  if (trials < 2) return 0;
  const auto n = static_cast<double>(trials);
  constexpr double kGamma = std::numbers::egamma;
  return std::sqrt(std::max(0.0, variance)) *
         ((1 - kGamma) * NormalQuantile(1 - 1 / n) + kGamma * NormalQuantile(1 - 1 / (n * std::numbers::e)));
}

double ProbabilisticSharpe(const SharpeRatio& sharpe, double benchmark) {
  if (sharpe.periods < 2) return 0.5;
  const double s = sharpe.ratio;
  const double spread = 1 - sharpe.skewness * s + (sharpe.kurtosis - 1) / 4 * s * s;
  const double z = (s - benchmark) * std::sqrt(static_cast<double>(sharpe.periods) - 1) / std::sqrt(std::max(1e-12, spread));
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

}  // namespace eddy

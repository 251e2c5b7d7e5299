#include "metrics/risk_tests.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eddy/random.h"

namespace eddy {
namespace {

constexpr size_t kBootstraps = 2000;
constexpr double kLeastShortfall = 1e-9;

double ChiSquaredTail(double statistic) { return std::erfc(std::sqrt(std::max(statistic, 0.0) / 2)); }

// n log p, 0 for none.
double Term(double n, double p) { return n > 0 ? n * std::log(p) : 0; }

double BinomialLogLikelihood(double hits, double misses, double p) { return Term(hits, p) + Term(misses, 1 - p); }

std::vector<double> BootstrapMeans(std::span<const double> values, size_t block, uint64_t seed) {
  const size_t n = values.size();
  // Sums of blocks on a circle, by differences of running sums of the values written twice.
  std::vector<double> sums(2 * n + 1, 0);
  for (size_t i = 0; i < 2 * n; ++i) sums[i + 1] = sums[i] + values[i % n];
  block = std::clamp<size_t>(block, 1, n);
  Random random(seed);
  std::vector<double> means(kBootstraps);
  for (double& mean : means) {
    double sum = 0;
    for (size_t taken = 0; taken < n; taken += block) {
      const size_t begin = random.Below(n);
      sum += sums[begin + std::min(block, n - taken)] - sums[begin];
    }
    mean = sum / static_cast<double>(n);
  }
  std::sort(means.begin(), means.end());
  return means;
}

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

double JointScore(double actual, double value, double shortfall, double level) {
  const double e = std::min(shortfall, -kLeastShortfall), v = std::max(value, e);
  const double beyond = actual <= v ? v - actual : 0;
  return -beyond / (level * e) + v / e + std::log(-e) - 1;
}

TestResult KupiecTest(size_t breaches, size_t days, double level) {
  if (days == 0) return {};
  const auto hits = static_cast<double>(breaches), misses = static_cast<double>(days - breaches);
  const double share = hits / static_cast<double>(days);
  const double statistic = -2 * (BinomialLogLikelihood(hits, misses, level) - BinomialLogLikelihood(hits, misses, share));
  return {statistic, ChiSquaredTail(statistic)};
}

TestResult ChristoffersenTest(std::span<const uint8_t> breaches) {
  std::array<std::array<double, 2>, 2> counts{};  // from, to
  for (size_t i = 1; i < breaches.size(); ++i) counts[breaches[i - 1] != 0][breaches[i] != 0] += 1;
  const double hits = counts[0][1] + counts[1][1], misses = counts[0][0] + counts[1][0];
  if (hits == 0) return {};
  double apart = 0;
  for (const auto& [miss, hit] : counts) {
    if (miss + hit > 0) apart += BinomialLogLikelihood(hit, miss, hit / (miss + hit));
  }
  const double statistic = -2 * (BinomialLogLikelihood(hits, misses, hits / (hits + misses)) - apart);
  return {statistic, ChiSquaredTail(statistic)};
}

double AcerbiSzekelyTerm(double actual, double value, double shortfall, double level) {
  return 1 - (actual <= value ? actual / (level * std::min(shortfall, -kLeastShortfall)) : 0);
}

TestResult AcerbiSzekelyTest(std::span<const double> terms, size_t block, uint64_t seed) {
  if (terms.empty()) return {};
  const double mean = Mean(terms);
  size_t as_low = 0;  // under the hypothesis, bootstrapped means are about 0 as these are about their mean
  for (const double other : BootstrapMeans(terms, block, seed)) as_low += other - mean <= mean;
  return {mean, static_cast<double>(as_low) / kBootstraps};
}

TestResult DieboldMarianoTest(std::span<const double> differences, size_t lags) {
  const auto n = static_cast<double>(differences.size());
  if (differences.size() < 2) return {};
  const double mean = Mean(differences);
  double variance = 0;
  for (size_t lag = 0; lag <= std::min(lags, differences.size() - 1); ++lag) {
    double sum = 0;
    for (size_t i = lag; i < differences.size(); ++i) sum += (differences[i] - mean) * (differences[i - lag] - mean);
    const double weight = lag == 0 ? 1 : 2 * (1 - static_cast<double>(lag) / static_cast<double>(lags + 1));
    variance += weight * sum / n;
  }
  if (!(variance > 0)) return {};
  const double statistic = mean / std::sqrt(variance / n);
  return {statistic, std::erfc(std::abs(statistic) / std::numbers::sqrt2)};
}

MeanInterval BootstrapMean(std::span<const double> values, size_t block, uint64_t seed) {
  if (values.empty()) return {};
  const std::vector<double> means = BootstrapMeans(values, block, seed);
  return {Mean(values), means[kBootstraps / 40], means[kBootstraps - 1 - kBootstraps / 40]};
}

}  // namespace eddy

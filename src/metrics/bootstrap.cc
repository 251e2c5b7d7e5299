#include "metrics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "eddy/random.h"
#include "metrics/normal.h"

namespace eddy {
namespace {

constexpr double kHigh = 0.975;  // of the two ends of an interval
constexpr size_t kFewestResamples = 400;
constexpr uint64_t kSeed = 17;

// The value below which a share of the sorted values lies, between neighbours on a straight line.
double Quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void AddTo(std::vector<double>& sums, std::span<const double> part) {
  for (size_t c = 0; c < part.size(); ++c) sums[c] += part[c];
}

// The differences of many resamples, sorted; without those of which a figure is not defined.
std::vector<double> Resample(const PartSums& first, const PartSums& second, const FigureOfSums& figure) {
  const size_t parts = first.size(), resamples = std::clamp(kMostDraws / parts, kFewestResamples, kResamples);
  Random random(kSeed);
  std::vector<double> differences;
  for (size_t r = 0; r < resamples; ++r) {
    std::vector<double> a(first.columns), b(first.columns);
    for (size_t i = 0; i < parts; ++i) {
      const size_t drawn = random.Below(parts);
      AddTo(a, first.part(drawn));
      AddTo(b, second.part(drawn));
    }
    const double difference = figure(a) - figure(b);
    if (std::isfinite(difference)) differences.push_back(difference);
  }
  std::sort(differences.begin(), differences.end());
  return differences;
}

}  // namespace

PartSums Chosen(const PartSums& sums, std::span<const size_t> places) {
  PartSums chosen{sums.columns};
  for (const size_t place : places) chosen.Add(sums.part(place));
  return chosen;
}

std::vector<double> Total(const PartSums& sums) {
  std::vector<double> total(sums.columns);
  for (size_t i = 0; i < sums.size(); ++i) AddTo(total, sums.part(i));
  return total;
}

PairedDifference CompareByParts(const PartSums& first, const PartSums& second, const FigureOfSums& figure, bool of_shares) {
  Require(first.size() >= 1 && first.size() == second.size() && first.columns == second.columns, "compare by parts",
          "the parts", "the same of both, at least one", "others");
  PairedDifference result;
  result.first = figure(Total(first));
  result.second = figure(Total(second));
  result.parts = first.size();
  for (size_t i = 0; i < first.size(); ++i) result.unlike += !std::ranges::equal(first.part(i), second.part(i));
  result.low = result.high = std::numeric_limits<double>::quiet_NaN();
  if (result.parts < 2) return result;
  PartSums a = first, b = second;
  if (of_shares) {
    const double wrong[] = {1, 1}, right[] = {0, 1};
    a.Add(wrong), b.Add(right);
    a.Add(right), b.Add(wrong);
  }
  const std::vector<double> differences = Resample(a, b, figure);
  if (differences.empty()) return result;
  const auto n = static_cast<double>(result.parts);
  const double wider = StudentQuantile(kHigh, n - 1) / NormalQuantile(kHigh) * std::sqrt(n / (n - 1));
  const double middle = result.first - result.second;
  result.low = middle + wider * (Quantile(differences, 1 - kHigh) - middle);
  result.high = middle + wider * (Quantile(differences, kHigh) - middle);
  return result;
}

}  // namespace eddy

#include "floors/tail_risk.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "metrics/normal.h"

namespace eddy {

TailRisk TailOfSorted(std::span<const double> sorted, double level) {
  const double place = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const double next = sorted[std::min(below + 1, sorted.size() - 1)];
  TailRisk tail;
  tail.value = sorted[below] + (place - static_cast<double>(below)) * (next - sorted[below]);
  double sum = 0;
  size_t count = 0;
  for (; count < sorted.size() && sorted[count] <= tail.value; ++count) sum += sorted[count];
  tail.shortfall = count > 0 ? std::min(tail.value, sum / static_cast<double>(count)) : tail.value;
  return tail;
}

TailRisk EmpiricalTail(std::span<const double> values, double level) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return TailOfSorted(sorted, level);
}

TailRisk NormalTail(double level) {
  const double quantile = NormalQuantile(level);
  return {quantile, -std::exp(-quantile * quantile / 2) / std::sqrt(2 * std::numbers::pi) / level};
}

void RollingTail::Add(double value) {
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
  order_.push_back(value);
  if (order_.size() <= window_) return;
  sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), order_.front()));
  order_.pop_front();
}

}  // namespace eddy

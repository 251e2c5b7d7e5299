#include "metrics/class_offset.h"

#include <algorithm>
#include <cmath>

namespace eddy {

// The slope of the loss rises with the offset, so that its zero is found by halving.
double FitClassOffset(std::span<const double> log_odds, std::span<const uint8_t> second) {
  const auto n = static_cast<double>(second.size());
  const auto seconds = static_cast<double>(std::count_if(second.begin(), second.end(), [](uint8_t s) { return s != 0; }));
  const double target = seconds * (seconds + 1) / (seconds + 2) + (n - seconds) / (n - seconds + 2);
  double low = -50, high = 50;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    double said = 0;
    for (const double each : log_odds) said += 1 / (1 + std::exp(-each - middle));
    (said < target ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace eddy

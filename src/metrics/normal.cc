#include "metrics/normal.h"

#include <cmath>
#include <numbers>

namespace eddy {
namespace {

constexpr double kManyFreedoms = 200;  // from which on the expansion is exact to six digits

}  // namespace

double NormalQuantile(double probability) {
  double low = -40, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Of t = sqrt(n) tan(a) the angle has a density in proportion to cos(a)^(n - 1).
double StudentQuantile(double probability, double freedom) {
  if (freedom >= kManyFreedoms) {
    const double z = NormalQuantile(probability);
    return z + (std::pow(z, 3) + z) / (4 * freedom) +
           (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * freedom * freedom);
  }
  constexpr int kParts = 20'000;
  const double part = std::numbers::pi / 2 / kParts;
  const double scale = std::exp(std::lgamma((freedom + 1) / 2) - std::lgamma(freedom / 2)) / std::sqrt(std::numbers::pi);
  double left = (probability - 0.5) / scale;  // of the integral of the density's cosine
  double angle = 0;
  for (int i = 0; i < kParts; ++i) {
    const double of_part = part * std::pow(std::cos(angle + part / 2), freedom - 1);
    if (of_part >= left) {
      angle += part * left / of_part;
      break;
    }
    left -= of_part;
    angle += part;
  }
  return std::sqrt(freedom) * std::tan(angle);
}

}  // namespace eddy

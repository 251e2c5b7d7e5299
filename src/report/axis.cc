#include "report/axis.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

// What lies further below the largest value is as good as nothing.
constexpr double kMostDecades = 12;

// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
double NiceStep(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

bool Axis::Shows(double value) const {
  return std::isfinite(value) && std::abs(value) < 1e300 && (!logarithmic_ || value >= floor_);
}

void Axis::Include(double value) {
  if (!Shows(value)) return;
  low_ = any_ ? std::min(low_, value) : value;
  high_ = any_ ? std::max(high_, value) : value;
  any_ = true;
}

void Axis::Pad(double share) {
  if (logarithmic_) return;
  const double pad = share * (high_ - low_);
  low_ -= pad;
  high_ += pad;
}

double Axis::Scaled(double value) const { return logarithmic_ ? std::log10(value) : value; }

void Axis::SetPixels(double low, double high) {
  pixel_low_ = low;
  pixel_high_ = high;
  if (logarithmic_) {
    if (!any_) low_ = 0.1;
    floor_ = high_ * std::pow(10.0, -kMostDecades);
    low_ = std::max(low_, floor_);
    if (high_ / low_ < 10) {
      low_ /= 3;
      high_ *= 3;
    }
  } else if (high_ - low_ <= 1e-12 * std::max(std::abs(low_), std::abs(high_))) {  // one value alone
    const double half = std::max(std::abs(low_) * 0.1, 0.5);
    low_ -= half;
    high_ += half;
  }
}

double Axis::Pixel(double value) const {
  const double share = (Scaled(value) - Scaled(low_)) / (Scaled(high_) - Scaled(low_));
  return pixel_low_ + std::clamp(share, 0.0, 1.0) * (pixel_high_ - pixel_low_);
}

std::vector<double> Axis::LogarithmicTicks(int about) const {
  const double decades = Scaled(high_) - Scaled(low_);
  const double step = std::max(1.0, NiceStep(decades / about));
  std::vector<double> ticks;
  for (double power = std::floor(Scaled(low_) / step) * step; power <= Scaled(high_); power += step) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && decades > 2) break;
      const double tick = factor * std::pow(10.0, power);
      if (tick >= low_ * (1 - 1e-9) && tick <= high_ * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<double> Axis::Ticks(int about) const {
  if (logarithmic_) return LogarithmicTicks(about);
  std::vector<double> ticks;
  const double step = NiceStep((high_ - low_) / about);
  const double first = std::ceil(low_ / step - 1e-9);
  for (double i = first; i * step <= high_ + 1e-9 * (high_ - low_); ++i) {
    ticks.push_back(i == 0 ? 0 : i * step);  // never -0
  }
  return ticks;
}

}  // namespace eddy

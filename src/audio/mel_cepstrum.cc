#include "audio/mel_cepstrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace eddy {
namespace {

constexpr size_t kPoints = 257;  // of the warped axis

double Warped(double w, double warp) { return w + 2 * std::atan2(warp * std::sin(w), 1 - warp * std::cos(w)); }

double Mel(double hertz) { return std::log1p(hertz / 1000); }

}  // namespace

double MelWarp(int rate) {
  constexpr int kChecked = 200;
  const double half = rate / 2.0;
  double best = 0, least = INFINITY;
  for (int hundredth = 0; hundredth < 80; ++hundredth) {
    double off = 0;
    for (int i = 1; i < kChecked; ++i) {
      const double share = static_cast<double>(i) / kChecked;
      const double wanted = Mel(share * half) / Mel(half);
      const double warped = Warped(share * std::numbers::pi, hundredth / 100.0) / std::numbers::pi;
      off += (wanted - warped) * (wanted - warped);
    }
    if (off < least) {
      least = off;
      best = hundredth / 100.0;
    }
  }
  return best;
}

MelCepstrum::MelCepstrum(size_t order, double warp, size_t bins) : width_(order + 1), bins_(bins) {
  constexpr double kLast = kPoints - 1;
  for (size_t j = 0; j < kPoints; ++j) {
    const double v = std::numbers::pi * static_cast<double>(j) / kLast;
    places_.push_back(std::clamp(Warped(v, -warp) / std::numbers::pi, 0.0, 1.0) * static_cast<double>(bins - 1));
    const double weight = (j == 0 || j + 1 == kPoints ? 0.5 : 1) / kLast;  // trapezoids
    for (size_t m = 0; m < width_; ++m) cosines_.push_back((m == 0 ? 1 : 2) * weight * std::cos(static_cast<double>(m) * v));
  }
  for (size_t k = 0; k < bins; ++k) {
    const double v = Warped(std::numbers::pi * static_cast<double>(k) / static_cast<double>(bins - 1), warp);
    for (size_t m = 0; m < width_; ++m) waves_.push_back(std::cos(static_cast<double>(m) * v));
  }
}

void MelCepstrum::FromLog(std::span<const double> log_amplitudes, std::span<float> cepstrum) const {
  std::vector<double> sums(width_);
  for (size_t j = 0; j < places_.size(); ++j) {
    const size_t at = std::min(static_cast<size_t>(places_[j]), bins_ - 2);
    const double part = places_[j] - static_cast<double>(at);
    const double value = (1 - part) * log_amplitudes[at] + part * log_amplitudes[at + 1];
    for (size_t m = 0; m < width_; ++m) sums[m] += cosines_[j * width_ + m] * value;
  }
  std::transform(sums.begin(), sums.end(), cepstrum.begin(), [](double sum) { return static_cast<float>(sum); });
}

void MelCepstrum::ToLog(std::span<const float> cepstrum, std::span<double> log_amplitudes) const {
  for (size_t k = 0; k < bins_; ++k) {
    double sum = 0;
    for (size_t m = 0; m < width_; ++m) sum += waves_[k * width_ + m] * double{cepstrum[m]};
    log_amplitudes[k] = sum;
  }
}

}  // namespace eddy

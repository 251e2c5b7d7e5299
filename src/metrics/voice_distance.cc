#include "metrics/voice_distance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

namespace eddy {
namespace {

enum Move : uint8_t { kBoth, kFirst, kSecond };

}  // namespace

double VoiceDistance::pitch_rmse() const {
  return voiced > 0 ? std::sqrt(hertz_squared / voiced) : std::numeric_limits<double>::quiet_NaN();
}

void VoiceDistance::Add(const VoiceDistance& other) {
  pairs += other.pairs;
  decibels += other.decibels;
  voicing_errors += other.voicing_errors;
  voiced += other.voiced;
  hertz_squared += other.hertz_squared;
}

VoiceDistance CompareVoices(std::span<const float> spoken, std::span<const float> recorded, const VoiceFrameLayout& layout) {
  const size_t n = spoken.size() / layout.width, m = recorded.size() / layout.width;
  const double factor = 10 / std::numbers::ln10 * std::numbers::sqrt2;
  const auto apart = [&](size_t i, size_t j) {
    double sum = 0;
    for (size_t c = 1; c <= layout.order; ++c) {
      const double off = double{spoken[i * layout.width + c]} - double{recorded[j * layout.width + c]};
      sum += off * off;
    }
    return factor * std::sqrt(sum);
  };
  std::vector<uint8_t> moves(n * m);
  std::vector<double> before(m, INFINITY), here(m);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < m; ++j) {
      const double both = i > 0 && j > 0 ? before[j - 1] : i == 0 && j == 0 ? 0 : INFINITY;
      const double first = i > 0 ? before[j] : INFINITY, second = j > 0 ? here[j - 1] : INFINITY;
      const double least = std::min({both, first, second});
      moves[i * m + j] = both <= least ? kBoth : first <= least ? kFirst : kSecond;
      here[j] = least + apart(i, j);
    }
    std::swap(before, here);
  }
  VoiceDistance distance;
  size_t i = n - 1, j = m - 1;
  while (true) {
    const float *a = spoken.data() + i * layout.width, *b = recorded.data() + j * layout.width;
    distance.pairs += 1;
    distance.decibels += apart(i, j);
    const bool a_voiced = a[layout.voicing] > 0.5F, b_voiced = b[layout.voicing] > 0.5F;
    distance.voicing_errors += a_voiced != b_voiced;
    if (a_voiced && b_voiced) {
      const double off = std::exp(double{a[layout.pitch]}) - std::exp(double{b[layout.pitch]});
      distance.voiced += 1;
      distance.hertz_squared += off * off;
    }
    if (i == 0 && j == 0) return distance;
    const uint8_t move = moves[i * m + j];
    i -= move != kSecond;
    j -= move != kFirst;
  }
}

}  // namespace eddy

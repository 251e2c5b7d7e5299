#include "tasks/references.h"

#include <algorithm>

namespace eddy {
namespace {

std::vector<float> TrailingMeans(std::span<const float> values, size_t rows) {
  std::vector<double> sums(values.size() + 1);  // of the first t values
  for (size_t t = 0; t < values.size(); ++t) sums[t + 1] = sums[t] + values[t];
  std::vector<float> means(values.size());
  for (size_t t = 0; t < values.size(); ++t) {
    const size_t begin = t + 1 - std::min(rows, t + 1);
    means[t] = static_cast<float>((sums[t + 1] - sums[begin]) / static_cast<double>(t + 1 - begin));
  }
  return means;
}

std::vector<float> LatestInSeason(std::span<const float> values, std::span<const uint8_t> observed, size_t season) {
  std::vector<float> latest(values.begin(), values.end());
  for (size_t t = season; t < values.size(); ++t) {
    if (!observed[t]) latest[t] = latest[t - season];
  }
  return latest;
}

}  // namespace

References::References(std::span<const float> values, std::span<const uint8_t> observed, const std::vector<size_t>& seasons,
                       size_t trailing)
    : values_(values), seasons_(seasons), trailing_means_(TrailingMeans(values, trailing)) {
  for (size_t season : seasons) seasonal_.push_back(LatestInSeason(values, observed, season));
}

void References::At(size_t origin, size_t horizon, float* to) const {
  const float last = values_[origin - 1];
  const float mean = trailing_means_[origin - 1];
  for (size_t h = 0; h < horizon; ++h) {
    *to++ = last;
    *to++ = mean;
    for (size_t i = 0; i < seasons_.size(); ++i) {
      const size_t season = seasons_[i];
      if (season >= origin) {
        *to++ = last;
        *to++ = last;
        continue;
      }
      const size_t back = h / season + 1;  // seasons
      const float value = seasonal_[i][origin + h - back * season];
      const float drift = mean - trailing_means_[origin - 1 - season];
      *to++ = value;
      *to++ = value + drift * static_cast<float>(back);
    }
  }
}

}  // namespace eddy

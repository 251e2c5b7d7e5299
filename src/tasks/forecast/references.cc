#include "tasks/forecast/references.h"

#include <algorithm>
#include <utility>

namespace eddy {
namespace {

constexpr double kLeastShare = 0.2;  // of the latest season in the average over seasons
constexpr size_t kSlopeReach = 4;    // times the rows that a slope was taken over: farther ahead it has ended

std::vector<double> TrailingMeans(std::span<const double> values, size_t rows) {
  std::vector<double> sums(values.size() + 1);  // of the first t values
  for (size_t t = 0; t < values.size(); ++t) sums[t + 1] = sums[t] + values[t];
  std::vector<double> means(values.size());
  for (size_t t = 0; t < values.size(); ++t) {
    const size_t begin = t + 1 - std::min(rows, t + 1);
    means[t] = (sums[t + 1] - sums[begin]) / static_cast<double>(t + 1 - begin);
  }
  return means;
}

std::vector<DampedTrends::Trend> Damped(std::span<const double> values, std::span<const uint8_t> observed) {
  std::vector<DampedTrends::Trend> damped;
  DampedTrends trends(values[0]);
  for (size_t t = 0; t < values.size(); ++t) {
    if (t > 0) trends.Pass();
    if (t > 0 && observed[t]) trends.Observe(values[t]);
    damped.push_back(trends.best());
  }
  return damped;
}

std::vector<double> Changes(std::span<const double> values, size_t rows) {
  std::vector<double> changes(values.size(), 0);
  for (size_t t = 1; t < values.size(); ++t) {
    const size_t back = std::min(rows, t);
    changes[t] = (values[t] - values[t - back]) / static_cast<double>(back);
  }
  return changes;
}

}  // namespace

References::References(std::span<const double> values, std::span<const uint8_t> observed, const std::vector<size_t>& seasons,
                       size_t trailing, bool trends)
    : trailing_means_(TrailingMeans(values, trailing)) {
  for (size_t length : seasons) seasons_.push_back(MakeSeason(values, observed, length));
  if (!trends) return;
  for (size_t length : {trailing, 4 * trailing}) slopes_.push_back({length, LastRows(Changes(values, length))});
  damped_ = LastRows(Damped(values, observed));
}

References::Season References::MakeSeason(std::span<const double> values, std::span<const uint8_t> observed, size_t length) {
  std::vector<double> latest(values.begin(), values.end()), means = TrailingMeans(values, length), profile(values.size());
  for (size_t t = 0; t < values.size(); ++t) {
    const double distance = observed[t] ? values[t] - means[t] : 0;
    if (t < length) {
      profile[t] = distance;
      continue;
    }
    if (!observed[t]) latest[t] = latest[t - length];
    // The mean within the first season is that of its part so far: the second season replaces it.
    const double share = std::max(kLeastShare, 1 / static_cast<double>(t / length));
    const double before = profile[t - length];
    profile[t] = observed[t] ? before + share * (distance - before) : before;
  }
  return {length, LastRows(std::move(latest)), LastRows(std::move(means)), LastRows(std::move(profile))};
}

void References::KeepFrom(size_t origin) {
  size_t longest = 0;
  for (Season& season : seasons_) {
    if (season.length >= origin) continue;
    longest = std::max(longest, season.length);
    season.latest.KeepFrom(origin - season.length);
    season.means.KeepFrom(origin - 1);
    season.profile.KeepFrom(origin - season.length);
  }
  trailing_means_.KeepFrom(origin - 1 - longest);
  for (Slope& slope : slopes_) slope.changes.KeepFrom(origin - 1);
  if (!slopes_.empty()) damped_.KeepFrom(origin - 1);
}

void References::At(size_t origin, double last, size_t horizon, float* to) const {
  const double mean = trailing_means_[origin - 1];
  const auto from_last = [&](double value) { return static_cast<float>(value - last); };
  DampedTrends::Trend damped = slopes_.empty() ? DampedTrends::Trend{} : damped_[origin - 1];
  for (size_t h = 0; h < horizon; ++h) {
    *to++ = 0;
    *to++ = from_last(mean);
    for (const Season& season : seasons_) {
      if (season.length >= origin) {
        to = std::fill_n(to, 3, 0.0f);
        continue;
      }
      const size_t back = h / season.length + 1;  // seasons
      const size_t row = origin + h - back * season.length;
      const double drift = mean - trailing_means_[origin - 1 - season.length];
      *to++ = from_last(season.latest[row]);
      *to++ = from_last(season.latest[row] + drift * static_cast<double>(back));
      *to++ = from_last(season.means[origin - 1] + season.profile[row]);
    }
    for (const Slope& slope : slopes_) {
      const size_t ahead = std::min(h + 1, kSlopeReach * std::min(slope.length, origin - 1));
      *to++ = static_cast<float>(slope.changes[origin - 1] * static_cast<double>(ahead));
    }
    if (!slopes_.empty()) *to++ = from_last(damped.Next());
  }
}

}  // namespace eddy

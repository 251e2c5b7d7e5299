#include "floors/season.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/median.h"

namespace eddy {
namespace {

constexpr size_t kMostSeries = 100;
constexpr size_t kMostRows = 20'000;
constexpr size_t kMostLag = 1'000;
constexpr double kMostUnlike = 0.7;  // 1 - autocorrelation
constexpr double kClearly = 0.8;     // a share of it that is less by more than noise
constexpr double kFarOff = 5;  // standard deviations, as the median distance has them, beyond which a value is an outlier
constexpr double kNormalMedian = 0.6745;  // median distance of a normal variable, in standard deviations

// What is left of the observed values without their mean, or without a fitted line; 0 where missing.
std::vector<double> Residuals(Observations values, bool detrend) {
  double n = 0, t_mean = 0, y_mean = 0;
  for (size_t t = 0; t < values.size(); ++t) {
    if (!values.observed[t]) continue;
    n += 1;
    t_mean += (static_cast<double>(t) - t_mean) / n;
    y_mean += (values.values[t] - y_mean) / n;
  }
  double ty = 0, tt = 0;
  for (size_t t = 0; t < values.size() && detrend; ++t) {
    if (!values.observed[t]) continue;
    const double dt = static_cast<double>(t) - t_mean;
    ty += dt * (values.values[t] - y_mean);
    tt += dt * dt;
  }
  const double slope = tt > 0 ? ty / tt : 0;
  std::vector<double> residuals(values.size(), 0);
  for (size_t t = 0; t < values.size(); ++t) {
    if (values.observed[t]) residuals[t] = values.values[t] - y_mean - slope * (static_cast<double>(t) - t_mean);
  }
  return residuals;
}

double Sum(const std::vector<double>& x, size_t lag) {
  double sum = 0;
  for (size_t t = lag; t < x.size(); ++t) sum += x[t] * x[t - lag];
  return sum;
}

double CorrelationAt(const std::vector<double>& residuals, double variance, size_t lag) {
  return variance > 0 && lag < residuals.size() ? Sum(residuals, lag) / variance : 0;
}

// Each series' residuals, or as much of them as is looked at.
std::vector<std::vector<double>> Sample(const SeriesSet& set, std::span<const size_t> ends) {
  std::vector<std::vector<double>> sample;
  for (size_t i = 0; i < set.series.size() && i < kMostSeries; ++i) {
    const size_t rows = std::min(ends[i], kMostRows);
    sample.push_back(Residuals(set.series[i].all().subspan(ends[i] - rows, rows), true));
  }
  return sample;
}

// Each with its outliers, which hide a season, moved to where outliers begin.
std::vector<std::vector<double>> WithoutOutliers(std::vector<std::vector<double>> sample) {
  for (std::vector<double>& residuals : sample) {
    std::vector<double> observed = residuals;
    std::erase(observed, 0.0);  // what is missing
    if (observed.empty()) continue;
    const double middle = UpperMedian(observed);
    std::vector<double> distances;
    for (const double each : observed) distances.push_back(std::abs(each - middle));
    const double most = kFarOff * UpperMedian(distances) / kNormalMedian;
    if (!(most > 0)) continue;
    for (double& each : residuals) each = std::clamp(each, std::min(middle - most, 0.0), std::max(middle + most, 0.0));
  }
  return sample;
}

// The mean over the series that are long enough for three times `season`.
double MeanCorrelation(const std::vector<std::vector<double>>& sample, size_t lag, size_t season) {
  double sum = 0, count = 0;
  for (const std::vector<double>& residuals : sample) {
    if (residuals.size() < 3 * season) continue;
    sum += CorrelationAt(residuals, Sum(residuals, 0), lag);
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

// Each without the mean of the season around: what a season is made of, whatever the level wanders. Shorter by a season.
std::vector<std::vector<double>> WithoutLevel(const std::vector<std::vector<double>>& sample, size_t season) {
  std::vector<std::vector<double>> all;
  for (const std::vector<double>& residuals : sample) {
    std::vector<double>& rest = all.emplace_back();
    double sum = 0;
    for (size_t t = 0; t < residuals.size(); ++t) {
      sum += residuals[t];
      if (t < season) continue;
      sum -= residuals[t - season];
      rest.push_back(residuals[t - season / 2] - sum / static_cast<double>(season));
    }
  }
  return all;
}

// The season of GuessSeason(), or 1.
size_t SeasonOf(const std::vector<std::vector<double>>& sample, const std::vector<size_t>& natural) {
  size_t best = 1;
  double limit = kMostUnlike;
  // A series that merely wanders is more like itself after half the season than after the whole; and of seasons that do
  // about as well, such as a day and a week of hours, the shortest is taken.
  const auto consider = [&](size_t season, const std::vector<std::vector<double>>& rows) {
    const double unlike = 1 - MeanCorrelation(rows, season, season);
    const double half = 1 - MeanCorrelation(rows, season / 2, season / 2);
    if (unlike >= limit || unlike >= kClearly * half) return;
    limit = kClearly * unlike;
    best = season;
  };
  for (const size_t season : natural) consider(season, sample);
  // Where the level wanders farther than the season swings.
  for (const size_t season : natural) {
    if (best == 1) consider(season, WithoutLevel(sample, season));
  }
  if (!natural.empty()) return best;

  size_t longest = 0;
  for (const std::vector<double>& residuals : sample) longest = std::max(longest, residuals.size());
  std::vector<double> correlations(std::min(longest / 3, kMostLag) + 1, 1);
  for (size_t lag = 1; lag < correlations.size(); ++lag) correlations[lag] = MeanCorrelation(sample, lag, lag);
  for (size_t lag = 2; lag + 1 < correlations.size(); ++lag) {
    const bool peak = correlations[lag] > correlations[lag - 1] && correlations[lag] >= correlations[lag + 1];
    if (peak) consider(lag, sample);
  }
  return best;
}

}  // namespace

double Autocorrelation(Observations values, size_t lag) {
  const std::vector<double> residuals = Residuals(values, true);
  return CorrelationAt(residuals, Sum(residuals, 0), lag);
}

bool IsSeasonal(Observations values, size_t season) {
  if (season < 2 || values.size() < 3 * season) return false;
  const std::vector<double> residuals = Residuals(values, false);
  const double variance = Sum(residuals, 0);
  double squares = 0;
  for (size_t lag = 1; lag < season; ++lag) {
    const double correlation = CorrelationAt(residuals, variance, lag);
    squares += correlation * correlation;
  }
  const double limit = 1.645 * std::sqrt((1 + 2 * squares) / static_cast<double>(values.size()));
  return std::abs(CorrelationAt(residuals, variance, season)) > limit;
}

size_t GuessSeason(const SeriesSet& set, std::span<const size_t> ends) {
  const std::vector<std::vector<double>> sample = Sample(set, ends);
  const size_t season = SeasonOf(sample, set.axis.NaturalSeasons());
  return season > 1 ? season : SeasonOf(WithoutOutliers(sample), set.axis.NaturalSeasons());
}

}  // namespace eddy

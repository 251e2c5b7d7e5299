#include "tasks/forecast/series.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr float kMostFeature = 20;             // beyond, a feature says no more than "far out"
constexpr double kLeastRelativeScale = 1e-12;  // of a series, relative to the mean magnitude of its values: rounding
constexpr double kLeastWeightedScale = 1e-4;   // the same, where series are weighted against each other
constexpr double kMostScaled = 1e6;
constexpr float kMostLevel = 3;
constexpr size_t kLeastScaled = 8;   // rows that a scale is made of
constexpr double kMostGrowth = 100;  // of a scale, from any row to the last

float Limited(double feature) { return std::clamp(static_cast<float>(feature), -kMostFeature, kMostFeature); }

double MeanMagnitude(Observations values) {
  double sum = 0, count = 0;
  for (size_t t = 0; t < values.size(); ++t) {
    if (!values.observed[t]) continue;
    sum += std::abs(values.values[t]);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

float LogRatio(double a, double b) { return static_cast<float>(std::clamp(std::log((a + 1e-12) / (b + 1e-12)), -5.0, 5.0)); }

}  // namespace

RunningScale::RunningScale(Observations values, size_t trailing) {
  double first = 0, sum = 0, window = 0, squares = 0, observed = 0;
  for (size_t t = 0; t < values.size(); ++t) {
    if (!values.observed[t]) continue;
    if (observed == 0) first = values.values[t];
    sum += values.values[t] - first;  // distances: the swing of 1e12 + sin(t) is not lost in a sum of 1e12's
    ++observed;
  }
  const double mean = observed > 0 ? first + sum / observed : 0;
  observed = 0;
  for (size_t t = 0; t < values.size(); ++t) {
    window += values.values[t] - mean;
    if (t >= trailing) window -= values.values[t - trailing] - mean;
    const double distance = values.values[t] - mean - window / static_cast<double>(std::min(t + 1, trailing));
    if (values.observed[t]) squares += distance * distance;
    observed += values.observed[t];
    scales.push_back(observed > 0 ? std::sqrt(squares / observed) : 0);
  }
  const double scale = std::max(scales.empty() ? 0 : scales.back(), kLeastRelativeScale * MeanMagnitude(values));
  whole = {mean, scale > 0 && std::isfinite(scale) ? scale : 1};
}

std::vector<float> RunningScale::Growth() const {
  if (scales.back() != whole.scale) return std::vector<float>(scales.size(), 1);
  std::vector<float> growth;
  const size_t last = scales.size() - 1;
  for (size_t t = 0; t <= last; ++t) {
    const double scale = scales[std::min(std::max(t, kLeastScaled - 1), last)];
    growth.push_back(
        static_cast<float>(whole.scale / std::clamp(scale, whole.scale / kMostGrowth, whole.scale * kMostGrowth)));
  }
  return growth;
}

ForecastSeries::ForecastSeries(const SeriesSet& set, const Series& series, const ForecastDesign& design, size_t rows)
    : set_(&set),
      series_(&series),
      rows_(rows),
      horizon_(design.horizon),
      inputs_(design.inputs()),
      seasons_(design.seasons),
      trends_(design.trends) {
  const RunningScale scale(series.all().first(rows), design.trailing());
  scaling_ = scale.whole;
  growth_ = LastRows(trends_ ? scale.Growth() : std::vector<float>(rows, 1));
  const double magnitude = MeanMagnitude(series.all().first(rows));
  const double share = std::max(scaling_.scale / magnitude, kLeastWeightedScale);
  if (magnitude > 0 && share < 1) weight_ = static_cast<float>(std::sqrt(share));
  std::vector<double> values(rows);
  for (size_t t = 0; t < rows; ++t) values[t] = (series.target[t] - scaling_.shift) / scaling_.scale;
  for (size_t c = 0; c < set.covariates(); ++c) covariate_scaling_.push_back(CovariateScaling(set, series, c, rows));
  references_ = std::make_unique<References>(values, std::span(series.observed).first(rows), seasons_, design.trailing(),
                                             design.trends);
  FillFeatures(set, series, design.calendar, values);
  values_ = LastRows(std::move(values));
}

void ForecastSeries::FillFeatures(const SeriesSet& set, const Series& series, size_t calendar,
                                  std::span<const double> values) {
  std::vector<float> features(rows_ * inputs_);
  const size_t season = seasons_.empty() ? 1 : seasons_.front(), covariates = set.covariates();
  double change = 0, magnitude = 0, observed = 0;
  std::vector<float> relative_scale, relative_change;  // up to each row
  for (size_t t = 0; t < rows_; ++t) {
    if (t >= season) change += std::abs(values[t] - values[t - season]);
    magnitude += series.observed[t] ? std::abs(series.target[t]) : 0;
    observed += series.observed[t];
    relative_scale.push_back(LogRatio(scaling_.scale / growth_[t], magnitude / std::max(observed, 1.0)));
    relative_change.push_back(LogRatio(growth_[t] * change / static_cast<double>(t + 1), 1));
  }
  float* to = features.data();
  for (size_t t = 0; t < rows_; ++t) {
    const double mean = references_->TrailingMean(t), growth = growth_[t];
    *to++ = Limited(growth * (values[t] - mean));
    *to++ = t > 0 ? Limited(growth * (values[t] - values[t - 1])) : 0;
    for (size_t s : seasons_) *to++ = t >= s ? Limited(growth * (values[t] - values[t - s])) : 0;
    if (!trends_) *to++ = std::clamp(static_cast<float>(mean), -kMostLevel, kMostLevel);
    *to++ = series.observed[t];
    set.axis.Features(series.times[t], to);
    to += calendar;
    for (size_t c = 0; c < covariates; ++c)
      *to++ = Limited(covariate_scaling_[c].Apply(series.covariates[t * covariates + c]));
    *to++ = relative_scale[trends_ ? t : rows_ - 1];
    *to++ = relative_change[trends_ ? t : rows_ - 1];
  }
  features_ = LastRows(std::move(features));
}

void ForecastSeries::KeepEnd(size_t window) {
  values_.KeepFrom(rows_ - 1);
  growth_.KeepFrom(rows_ - 1);
  references_->KeepFrom(rows_);
  features_.KeepFrom((rows_ - std::min(rows_, window)) * inputs_);
}

void ForecastSeries::ReferencesAt(size_t origin, float* to) const {
  references_->At(origin, Level(origin), horizon_, to);
  const float growth = growth_[origin - 1];
  for (size_t i = 0; i < horizon_ * references_->count(); ++i) to[i] *= growth;
}

float ForecastSeries::Known(size_t covariate, size_t row) const {
  if (row >= series_->times.size()) return 0;
  return Limited(covariate_scaling_[covariate].Apply(series_->covariates[row * set_->covariates() + covariate]));
}

void ForecastSeries::KnownAt(size_t origin, float* to) const {
  for (size_t h = 0; h < horizon_; ++h) {
    for (size_t c = 0; c < set_->covariates(); ++c) {
      if (!set_->known[c]) continue;
      *to++ = Known(c, origin + h);
      for (size_t s : seasons_) {
        const size_t back = (h / s + 1) * s;
        *to++ = origin + h >= back ? Known(c, origin + h - back) : 0;
      }
    }
  }
}

float ForecastSeries::Above(double level, double scaled) {
  return static_cast<float>(std::clamp(scaled - level, -kMostScaled, kMostScaled));
}

void ForecastSeries::Spare(size_t begin, size_t end) {
  spared_.resize(rows_);
  std::fill(spared_.begin() + static_cast<ptrdiff_t>(begin), spared_.begin() + static_cast<ptrdiff_t>(end), 1);
}

void ForecastSeries::TargetsAt(size_t origin, float* targets, float* weights) const {
  for (size_t h = 0; h < horizon_; ++h) {
    const size_t row = origin + h;
    const bool counts = row < rows_ && series_->observed[row] && (spared_.empty() || !spared_[row]);
    targets[h] = counts ? growth_[origin - 1] * Above(Level(origin), values_[row]) : 0;
    weights[h] = counts ? weight_ : 0;
  }
}

}  // namespace eddy

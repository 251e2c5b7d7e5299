// Putting values of any magnitude on the scale of a network, by numbers taken from the training part alone.
#pragma once

#include <string_view>

#include "data/series.h"

namespace eddy {

enum class ScalingKind {
  kNone,
  kMeanAbsolute,  // divided by the mean absolute value: keeps zero and sign (DeepAR, Salinas 2020)
  kDeviation,     // divided by the standard deviation
  kStandard,      // less the mean, divided by the standard deviation
};

std::string_view ScalingName(ScalingKind kind);   // "none", "mean-absolute", "deviation", "standard"
ScalingKind ParseScaling(std::string_view name);  // throws Error that names the nearest

struct Scaling {
  double shift = 0;
  double scale = 1;  // finite and above 0

  float Apply(double value) const;  // 0, the middle, for NaN; kept within +-1e6
  double Invert(double value) const { return value * scale + shift; }
};

// From the observed values of `training`. A scale of 0 (constant, or zero, or no values) is replaced by the magnitude of
// the values, and by 1 where that is 0, too.
Scaling ScalingOf(ScalingKind kind, Observations training);

// Of covariate column `column` over the first `rows` rows of a series; kStandard.
Scaling CovariateScaling(const SeriesSet& set, const Series& series, size_t column, size_t rows);

}  // namespace eddy

// The floors for series: forecasts that anyone could make. Each gives `horizon` values after the last of `history`, which
// has at least one observed value. Missing values are never repeated: the last observed one stands in.
#pragma once

#include <vector>

#include "data/series.h"

namespace eddy {

// The last observed value.
std::vector<double> Persistence(Observations history, size_t horizon);

// The value one season before, the latest observed one at that place in the season; persistence where there is none.
// season >= 1.
std::vector<double> SeasonalNaive(Observations history, size_t season, size_t horizon);

// The middle one of the last thousand observed values. Where most are 0, as of what is seldom sold, no constant has a
// smaller absolute error.
std::vector<double> PastMedian(Observations history, size_t horizon);

// The reference of OWA in the M4 competition: persistence of the seasonally adjusted series, by classical multiplicative
// decomposition, where the series is seasonal (IsSeasonal) and positive; persistence otherwise.
std::vector<double> Naive2(Observations history, size_t season, size_t horizon);

}  // namespace eddy

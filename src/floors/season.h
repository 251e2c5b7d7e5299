// A guess of the season length where the user gives none.
#pragma once

#include <cstddef>
#include <span>

#include "data/series.h"

namespace eddy {

// Autocorrelation at `lag` of the observed values after taking out a straight line; 0 for series too short or constant.
double Autocorrelation(Observations values, size_t lag);

// Whether the series is seasonal with this length, at 90% (the test of the M4 competition: the autocorrelation at
// `season` against Bartlett's limit; never for fewer than three seasons). The line is not taken out, as there.
bool IsSeasonal(Observations values, size_t season);

// The natural season (a day or week of hours, a year of months) with the highest autocorrelation, a mean over the series'
// training parts, ends[i] rows each; where the time column suggests none (numbers, years), the highest peak among all lags
// up to a third of the series and 1,000. 1, for no season, unless the autocorrelation is above 0.3 and clearly above that
// of half the season; where no natural season is, once more without the level, the mean of the season around; and where none
// is, all of that once more without outliers, which are more than five standard deviations off (1.48 times the median
// distance from the median). Of seasons that do about as well the shortest. Looks at no more than 100 series and at the last
// 20,000 rows of each.
size_t GuessSeason(const SeriesSet& set, std::span<const size_t> ends);

}  // namespace eddy

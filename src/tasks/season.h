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

// The natural season (a day of hours, a week of days, a year of months) with the highest mean autocorrelation over the
// series' training parts, ends[i] rows each; for times without a calendar, the highest peak among all lags up to a third
// of the series and 1,000. 1, for no season, when the autocorrelation is below 0.3. Looks at no more than 100 series and
// at the last 20,000 rows of each.
size_t GuessSeason(const SeriesSet& set, std::span<const size_t> ends);

}  // namespace eddy

// The season of a series by classical decomposition, for floors that take it out and put it back.
#pragma once

#include <vector>

#include "data/series.h"

namespace eddy {

enum class SeasonalForm { kFactors, kSummands };

// How the places of a season differ, as R's decompose(): the series over its centred moving average of one season (or less
// that average), averaged at each place of the season, and scaled to a mean of 1 (or moved to a mean of 0). Number i is of
// the rows i, i + season, i + 2 season ... Missing values are taken as filled. season >= 2, and the history holds two
// seasons at least; factors are of positive values.
std::vector<double> SeasonalShape(Observations history, size_t season, SeasonalForm form);

}  // namespace eddy

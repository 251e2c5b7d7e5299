// Floors for what is seldom sold: most rows are 0, and what there is comes at irregular times. Each gives `horizon` values
// after the last of `history`, which has at least one observed value; missing values are passed over.
#pragma once

#include <vector>

#include "data/series.h"

namespace eddy {

// 0: no constant has a smaller absolute error where most rows are 0.
std::vector<double> Zeros(Observations history, size_t horizon);

// The mean demand a row: how much is asked for at a time over how many rows lie between, both smoothed exponentially by 0.1
// (Croston 1972), times 0.95, which takes out the bias of the ratio (Syntetos and Boylan 2005, "SBA"). 0 without any demand.
std::vector<double> Croston(Observations history, size_t horizon);

}  // namespace eddy

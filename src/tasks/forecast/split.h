// Which rows of a set of series train a forecaster, which choose among its states, and which judge it.
//     | training                    | validation | held out |
// A series too short to spare rows for one of these gives none to it.
#pragma once

#include <optional>
#include <vector>

#include "data/windows.h"

namespace eddy {

struct ForecastSplit {
  std::vector<size_t> ends;        // of each series' training part
  std::vector<Window> validation;  // after the training part
  std::vector<Window> held_out;    // after the validation
};

// Where the held-out part begins: the last `rows` rows of each series or, with `from`, everything from that time on.
struct HoldOut {
  size_t rows = 0;
  std::optional<double> from;
};

// The first row of a series that is held out; its size when none is, as when no history would be left.
size_t HeldOutBegin(const Series& series, const HoldOut& hold_out);

// Forecasts to judge: origins `horizon` rows apart from the beginning of the held-out part on.
std::vector<Window> HeldOutWindows(const SeriesSet& set, const HoldOut& hold_out, size_t horizon);

// The horizon after the last row of each series. Throws Error where what is declared known in the future is not.
std::vector<Window> FutureWindows(const SeriesSet& set, size_t horizon);

// The validation is the last horizon before what is held out; of fewer than 30 series the last tenth, as one horizon
// would say little. Throws Error when no series is long enough to train on.
ForecastSplit SplitSeries(const SeriesSet& set, const HoldOut& hold_out, size_t horizon);

}  // namespace eddy

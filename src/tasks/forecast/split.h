// Which rows of a set of series train a forecaster, which choose among its states, and which judge it. Of many series:
//     | training                                             | validation | held out |
// and of few, which would else be chosen by a single stretch of their past:
//     | training | validation | training | validation | training | validation | held out |
// What is held out is held out of every series: one that has no more rows trains nothing. A series too short to spare rows
// for the validation gives none to it.
#pragma once

#include <optional>
#include <vector>

#include "data/windows.h"

namespace eddy {

constexpr size_t kLeastHistory = 2;  // rows before a forecast: a value and a change

struct RowRange {
  size_t begin = 0, end = 0;
};

struct ForecastSplit {
  std::vector<size_t> ends;                   // of each series' training part; 0 where all rows are held out
  std::vector<std::vector<RowRange>> spared;  // stretches of each training part that are validation: no targets, but history
  std::vector<Window> validation;             // in these, and after the training part
  std::vector<Window> rolling;                // before what is held out: what needs no training is judged by all the past
  std::vector<Window> held_out;               // after the validation
  size_t untrained = 0;                       // series whose training part is too short to learn from
};

// Where the held-out part begins: the last `rows` rows of each series or, with `from`, everything from that time on.
struct HoldOut {
  size_t rows = 0;
  std::optional<double> from;
};

// The first row of a series that is held out; its size when none is.
size_t HeldOutBegin(const Series& series, const HoldOut& hold_out);

// Forecasts to judge: origins `horizon` rows apart from the beginning of the held-out part on, in series with rows before
// it.
std::vector<Window> HeldOutWindows(const SeriesSet& set, const HoldOut& hold_out, size_t horizon);

// The horizon after the last row of each series. Throws Error where what is declared known in the future is not.
std::vector<Window> FutureWindows(const SeriesSet& set, size_t horizon);

// The validation is what lies before that: a horizon of each of many series, or up to two where they are long; of few so
// much that there are about twelve horizons in all, within a quarter of a series, and at least a tenth, in up to four
// stretches spread over the last three quarters. Forecasts of a stretch begin at rolling origins, some hundred in all, and
// end within it. Rolling origins, some hundred too, are spread over the last three quarters of what lies before the held-out
// rows of few series; of many they are the validation's. Throws Error, with the figures, when no
// series has rows enough before what is held out to learn the horizon from, and when rows are to be held out but none has a
// value.
ForecastSplit SplitSeries(const SeriesSet& set, const HoldOut& hold_out, size_t horizon);

}  // namespace eddy

// Windows: the places in a set of series from which a forecast can be made and judged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/series.h"

namespace eddy {

// A forecast of rows [origin, origin + horizon) of a series, made from rows [0, origin).
struct Window {
  uint32_t series = 0;
  uint32_t origin = 0;
};

// The end of each series' training part when its last `horizon` rows are held out. Throws Error, naming the series, where
// fewer than `least` rows would be left.
std::vector<size_t> HoldOutLast(const SeriesSet& set, size_t horizon, size_t least = 1);

// When everything from `time` on is held out. A series that ends before `time` is all training part.
std::vector<size_t> HoldOutFrom(const SeriesSet& set, double time, size_t least = 1);

// Every window whose rows lie inside the first ends[i] rows of series i, with at least `history` rows before the origin and
// at least one observed value within the horizon; origins of a series are `stride` >= 1 apart, the last one at ends[i] -
// horizon. In order of series, then origin.
std::vector<Window> TrainingWindows(const SeriesSet& set, std::span<const size_t> ends, size_t history, size_t horizon,
                                    size_t stride = 1);

}  // namespace eddy

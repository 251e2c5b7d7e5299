// Batches of a forecast network: windows of series side by side.
#pragma once

#include <span>

#include "tasks/forecast/network.h"
#include "tasks/forecast/series.h"

namespace eddy {

// The last of `origins` origins from which one pass over a series forecasts: the others are the rows before it.
struct ForecastPass {
  const ForecastSeries* series = nullptr;
  size_t origin = 0;  // 1 to the series' rows
};

// Row b of the batch reads the `window` rows before the first origin of pass b and those between its origins. A series that
// begins later has a reset where it begins; origins before its second row repeat the one at it.
ForecastInput MakeForecastInput(std::span<const ForecastPass> passes, size_t origins, const ForecastDesign& design);

struct ForecastTargets {
  Tensor values;   // [R, B, H], scaled
  Tensor weights;  // [R, B, H]
};
// Origins before `least` rows of a series count 0.
ForecastTargets MakeForecastTargets(std::span<const ForecastPass> passes, size_t origins, size_t least,
                                    const ForecastDesign& design);

}  // namespace eddy

// The hidden states of a layer over one sample as a picture.
#pragma once

#include <string>
#include <vector>

#include "inspect/inside.h"
#include "report/report.h"

namespace eddy {

// The 48 units that vary most over the last 120 steps, the slowest first. White space in `steps` is made visible.
HeatMap HiddenMap(const LayerInside& layer, const std::vector<std::string>& steps);

}  // namespace eddy

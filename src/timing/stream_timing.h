// What a step of a stream costs.
#pragma once

#include "eddy/encoder.h"

namespace eddy {

// Median seconds of a step of one row on one thread, the window full; NaN for layers that cannot be run step by step. Takes
// about a tenth of a second, or what a few hundred steps take.
double TimeStreamStep(const EncoderOptions& layers);

}  // namespace eddy

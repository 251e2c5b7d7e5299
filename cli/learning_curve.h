// What a run's looks at its validation data say of how long it should have been.
#pragma once

#include <string>

#include "eddy/train.h"
#include "model/json.h"

namespace eddy {

// The best loss up to a sixteenth, an eighth ... of the run and its end, and what the second half of it brought: what was
// seen, without a guess. Empty for fewer than three looks.
std::string DescribeCurve(const TrainingResult& run);

// [{"step", "loss"} ...] of all looks; a loss that was not finite is null.
OrderedJson CurveJson(const TrainingResult& run);

}  // namespace eddy

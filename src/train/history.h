// A run's history as JSON, in checkpoints and reports.
#pragma once

#include "eddy/train.h"
#include "model/json.h"

namespace eddy {

Json ToJson(const History& history);        // NaN becomes null
History HistoryFromJson(const Json& json);  // throws Error

}  // namespace eddy

// How a token is drawn from what a network says is likely.
#pragma once

#include <cstddef>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

struct SamplingOptions {
  double temperature = 0.8;  // logits are divided by it: below 1 bolder, above 1 wilder; 0 takes the likeliest token
  size_t top_k = 0;          // only the k likeliest tokens; 0 for all
  double top_p = 1;          // only the likeliest that together have this probability (Holtzman 2020); in (0, 1]
};

}  // namespace eddy
EDDY_API_END

// Whether a Sequence's lengths are lengths.
#pragma once

#include <string_view>

#include "eddy/sequence.h"

namespace eddy {

// Throws Error unless there are none or one a row, none above the number of steps.
void CheckLengths(std::string_view operation, const Sequence& sequence);

}  // namespace eddy

// Whether a Sequence is one, and what it says about each of its positions t * B + b.
#pragma once

#include <string_view>
#include <vector>

#include "eddy/sequence.h"

namespace eddy {

// Throws Error unless lengths are none or one a row, none above the number of steps, and resets none or one a position.
void CheckLengths(std::string_view operation, const Sequence& sequence);

// The latest step, up to each position, before which its row starts afresh; empty without resets.
std::vector<size_t> LatestResets(const Sequence& sequence);

}  // namespace eddy

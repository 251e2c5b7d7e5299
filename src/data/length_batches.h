// Sequences of similar length side by side, so that few steps of a batch are padding.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "eddy/random.h"

namespace eddy {

using LengthOf = std::function<size_t(size_t sequence)>;

// All of `count` sequences, the shortest first: batches of at most `most_rows` and, but for single ones, at most
// `most_steps` rows times steps.
std::vector<std::vector<size_t>> BatchesByLength(size_t count, const LengthOf& length, size_t most_rows, size_t most_steps);

// Reorders an epoch that is in random order, whose batches are each `rows` of it: within 16 batches by length, and then
// whole batches at random. What is left over stays at the end.
void GroupByLength(std::vector<size_t>& order, const LengthOf& length, size_t rows, Random& random);

}  // namespace eddy

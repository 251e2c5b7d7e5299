// Batches of sequences of similar length, so that few of their steps are padding.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "eddy/random.h"

namespace eddy {

// A random order of all sequences of which each `rows` in a row are a batch: sorted by length within a few batches' worth,
// and the batches shuffled. What is left over comes last.
std::vector<size_t> ShuffleByLength(std::span<const size_t> lengths, size_t rows, Random& random);

// All sequences by rising length, and where batches of at most `rows` of them end, each with at most `most_steps` steps,
// padding included, but for one of a single sequence.
struct LengthBatches {
  std::vector<size_t> order;
  std::vector<size_t> ends;
};
LengthBatches BatchByLength(std::span<const size_t> lengths, size_t rows, size_t most_steps);

}  // namespace eddy

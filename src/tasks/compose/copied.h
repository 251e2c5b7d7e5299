// How much of what was made stands in what was learned.
#pragma once

#include <cstddef>
#include <string>

#include "tasks/compose/data.h"

namespace eddy {

struct CopiedRun {
  size_t steps = 0;   // the longest run of frames or events that stands in the music that was learned
  int transpose = 0;  // moved by so many semitones, at most six up or down; the least of those that give it
  std::string piece;  // where
};

// Steps [begin, end of `made`) alone. O((made + learned) log made) for each transposition, in time.
CopiedRun LongestCopiedRun(const MusicPiece& made, size_t begin, const MusicSet& learned);

// "The longest run that stands in the training data: 12 of 256 frames (in bach.mid, 2 semitones up)."
std::string DescribeCopied(const CopiedRun& run, size_t steps, bool events);

}  // namespace eddy

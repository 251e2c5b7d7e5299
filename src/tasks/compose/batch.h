// Pieces side by side as a composer reads and predicts them. Shapes: T steps, B rows, K the piano's keys.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tensor.h"
#include "tasks/compose/data.h"

namespace eddy {

// Steps [begin, begin + steps) of a piece are predicted, each from those before it; what stands before `begin` is read from
// the one step before it on.
struct MusicWindow {
  const MusicPiece* piece = nullptr;
  size_t begin = 0, steps = 0;
  int transpose = 0;  // semitones, by which a piece of frames stays on the piano
};

struct MusicBatch {
  Sequence sequence;            // with a length a row
  Tensor before;                // [T, B, K + 1]: the keys of the frame before each; the last is 1 where there is none
  Tensor melody;                // [T, B, K]: the highest key, of harmonies alone
  Tensor targets;               // [T, B, K]: the keys of each frame; of harmonies without the melody's
  Tensor weights;               // [T, B]: whether a step counts
  std::vector<int32_t> tokens;  // [T, B]: the event before each, for events
  std::vector<int32_t> events;  // [T, B]: each event, kIgnore (eddy/loss.h) beyond a row's length
  double count = 0;             // the steps that count
};

// `first` is whether a piece's first frame counts, which is predicted from nothing. Events all count.
MusicBatch MakeMusicBatch(std::span<const MusicWindow> windows, const ComposeDesign& design, bool first);

// A frame as the layers read it: [K + 1], zeros before. Null for the one before the first.
void PutFrame(const RollFrame* frame, int transpose, Real* to);

}  // namespace eddy

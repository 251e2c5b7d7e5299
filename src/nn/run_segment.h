// What every layer does with a segment (segment.h). Without one, nothing is handed on. Shapes: T steps, B rows, D inputs.
#pragma once

#include <functional>
#include <vector>

#include "eddy/recurrent.h"
#include "eddy/segment.h"

namespace eddy {

Var RunSegment(const RecurrentStack& stack, Tape& tape, Var x, const Sequence& sequence, Segment* segment);
std::vector<size_t> StateWidths(const RecurrentStack& stack);

// Of a layer x [T, B, D] -> [T, B, ...] whose outputs see `steps` steps before their own: it is run behind the last `steps`
// inputs of the segments before.
using LayerForward = std::function<Var(Var x, const Sequence& sequence)>;
Var RunSegment(size_t steps, Tape& tape, Var x, const Sequence& sequence, Segment* segment, const LayerForward& forward);
std::vector<size_t> PastWidths(size_t steps, size_t inputs);  // what is handed on: those inputs, and how many exist

// The widths of one layer and of the one behind it.
std::vector<size_t> Joined(std::vector<size_t> first, const std::vector<size_t>& second);

}  // namespace eddy

// Rotary positions (Su 2021, equation 34): each pair of a head's channels 2i and 2i + 1 is turned by the angle
// step * 10000^(-2i / width).
#pragma once

#include <cstddef>

#include "eddy/sequence.h"
#include "eddy/tape.h"

namespace eddy {

// factors [width / 2, 2]: the cosine and the sine of each angle of a step.
void RotaryFactors(size_t step, size_t width, Real* factors);

// x [heads, width] -> y, which may be x.
void Rotate(const Real* factors, size_t heads, size_t width, const Real* x, Real* y);

// x [T, B, heads * width] -> the same shape, steps being counted from the latest reset. The width is even, and the sequence
// has been checked.
Var Rotary(Tape& tape, Var x, size_t heads, const Sequence& sequence);

}  // namespace eddy

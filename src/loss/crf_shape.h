// What the loss and the decoder of a conditional random field ask of their arguments.
#pragma once

#include "eddy/crf.h"

namespace eddy {

// Throws Error unless scores are [T, B, K] of the sequence, at least one tag, and the parameters fit.
void CheckCrf(std::string_view operation, const Shape& scores, const Shape& transitions, const Shape& start,
              const Shape& end, const Sequence& sequence);

// The scores of a row, a step [K] at a time.
struct CrfRow {
  Real* data;
  size_t steps, tags, stride;
  Real* at(size_t t) const { return data + t * stride; }
};

inline CrfRow RowOf(const Tensor& scores, size_t row, const Sequence& sequence) {
  const size_t tags = scores.dim(2);
  return {scores.data() + row * tags, sequence.Length(row), tags, sequence.rows * tags};
}

}  // namespace eddy

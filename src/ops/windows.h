// Which steps of a ragged batch the outputs of a convolution see. A position is t * B + b: step t of row b.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "eddy/convolution.h"

namespace eddy {

class Windows {
 public:
  static constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

  // Throws Error for options out of range and for lengths and resets that do not fit.
  Windows(const Sequence& sequence, size_t kernel, const ConvolutionOptions& options);

  const Sequence& outputs() const { return outputs_; }
  size_t kernel() const { return kernel_; }
  // Where tap k of an output reads; kNowhere where it sees padding.
  size_t InputOf(size_t output, size_t k) const;
  // The output whose tap k reads an input; kNowhere if none does.
  size_t OutputOf(size_t input, size_t k) const;

  // Existing positions in order.
  std::vector<size_t> InputPositions() const { return Positions(inputs_); }
  std::vector<size_t> OutputPositions() const { return Positions(outputs_); }

 private:
  static std::vector<size_t> Positions(const Sequence& sequence);
  size_t FirstSeen(size_t output) const { return begin_.empty() ? 0 : begin_[output]; }

  size_t kernel_;
  ConvolutionOptions options_;
  size_t before_;  // steps of padding before the first
  Sequence inputs_, outputs_;
  std::vector<size_t> begin_;  // a position's latest reset; empty when there are none
};

// Steps that an output sees.
inline size_t Span(size_t kernel, const ConvolutionOptions& options) { return (kernel - 1) * options.dilation + 1; }

}  // namespace eddy

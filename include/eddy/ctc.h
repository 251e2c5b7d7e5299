// Connectionist temporal classification (Graves 2006): labels without alignment. An alignment gives every step a class, a
// label or the blank; the labels it spells are its classes with repetitions merged, then blanks dropped. A sequence's
// probability is the sum over all alignments that spell it. Frames are logits [T, B, V] over the V classes, blank among
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "eddy/sequence.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

// The fewest steps whose alignments spell these labels: one a label, and a blank between two equal neighbours.
size_t CtcSteps(std::span<const int32_t> labels);

// targets[b]: the labels of row b, each in [0, V) and not blank, any number of them. The mean over rows of -log p(targets[b]
// | logits of row b up to its length), natural logarithm, a scalar on the tape; 0 for no rows. (PyTorch's reduction "sum"
// divided by B; its "mean" divides each row by its labels first.) Finite with finite gradients for any finite logits.
//
// A row whose length is below CtcSteps() of its labels has probability 0, which no training can raise: throws Error that
// names the row and both numbers. Compare them while reading data to leave such rows out. Throws Error too for labels out of
// range and shapes that do not fit. Sums are made in log space in double; time and memory for a row are steps (V + 2
// labels).
Var CtcLoss(Tape& tape, Var logits, const std::vector<std::vector<int32_t>>& targets, const Sequence& sequence,
            int32_t blank = 0);

// The labels of each row's likeliest alignment (best path decoding): fast, and near the likeliest labels where the network
// is sure. Equal logits go to the lower class.
std::vector<std::vector<int32_t>> CtcGreedy(const Tensor& logits, const Sequence& sequence, int32_t blank = 0);

struct CtcHypothesis {
  std::vector<int32_t> labels;
  double log_probability;  // of its alignments that were followed: of all, where no prefix was dropped
};

// Prefix beam search (Hannun 2014): the likeliest labels, summed over alignments, a frame at a time. A step costs width * V
// additions and a selection among them. Keeps every prefix that survived a step: some 60 bytes for each. One that has been
// moved from throws Error.
class CtcBeamSearch {
 public:
  // Keeps the `width` likeliest prefixes of each step. Throws Error unless width is at least 1 and blank in [0, classes).
  CtcBeamSearch(size_t classes, size_t width, int32_t blank = 0);
  ~CtcBeamSearch();
  CtcBeamSearch(CtcBeamSearch&&) noexcept;

  void Step(const Real* logits);  // [V], of the next frame
  // The likeliest labels of the frames so far, at most `count` and `width`, best first; equal ones in the order found.
  std::vector<CtcHypothesis> Best(size_t count = 1) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The likeliest labels of every row by beam search.
std::vector<CtcHypothesis> CtcDecode(const Tensor& logits, const Sequence& sequence, size_t width, int32_t blank = 0);

}  // namespace eddy
EDDY_API_END

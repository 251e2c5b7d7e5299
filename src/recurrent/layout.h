// The order in which the time loop visits a batch. Rows are sorted by length, longest first, so that those still running at
// any step are the first ones; steps are counted in the direction of the layer. Cells and kernels never see a mask.
#pragma once

#include <cstddef>
#include <vector>

#include "eddy/recurrent.h"

namespace eddy {

class Layout {
 public:
  // Throws Error unless lengths and resets fit the sequence.
  Layout(const Sequence& sequence, bool reverse);

  size_t steps() const { return active_.size(); }  // up to the longest row's end
  size_t rows() const { return rows_; }            // B
  size_t Active(size_t t) const { return t < active_.size() ? active_[t] : 0; }
  // Running rows of all steps before t: where step t begins in arrays that hold one entry a running row and step.
  size_t Offset(size_t t) const { return offset_[t]; }
  size_t Original(size_t row) const { return order_[row]; }  // the batch's number of a sorted row
  const size_t* order() const { return order_.data(); }
  // Which of the batch's T * B positions sorted row `row` reads at step t.
  size_t Position(size_t t, size_t row) const { return (reverse_ ? length_[row] - 1 - t : t) * rows_ + order_[row]; }
  // Whether the positions of any steps are simply consecutive, so that nothing needs gathering.
  bool plain() const { return plain_; }
  bool has_resets() const { return !resets_.empty(); }
  // Whether the row starts afresh before step t.
  bool ResetAt(size_t t, size_t row) const;

 private:
  size_t rows_;
  bool reverse_;
  bool plain_;
  std::vector<size_t> order_, length_;  // a sorted row's
  std::vector<size_t> active_, offset_;
  std::vector<uint8_t> resets_;
};

}  // namespace eddy

#include "recurrent/layout.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "eddy/error.h"

namespace eddy {

Layout::Layout(const Sequence& sequence, bool reverse)
    : rows_(sequence.rows), reverse_(reverse), order_(sequence.rows), resets_(sequence.resets) {
  const std::vector<size_t>& lengths = sequence.lengths;
  if (!lengths.empty() && lengths.size() != rows_) {
    Fail("recurrent", "lengths", "one a row (" + std::to_string(rows_) + ")", std::to_string(lengths.size()));
  }
  if (!resets_.empty() && resets_.size() != sequence.steps * rows_) {
    Fail("recurrent", "resets", "one a step and row (" + std::to_string(sequence.steps * rows_) + ")",
         std::to_string(resets_.size()));
  }
  const auto length = [&](size_t row) { return lengths.empty() ? sequence.steps : lengths[row]; };
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) { return length(a) > length(b); });
  for (size_t row : order_) length_.push_back(length(row));
  const size_t longest = rows_ > 0 ? length_[0] : 0;
  if (longest > sequence.steps) {
    Fail("recurrent", "lengths", "at most " + std::to_string(sequence.steps) + " steps", std::to_string(longest));
  }
  plain_ = !reverse && (rows_ == 0 || length_.back() == sequence.steps);
  offset_.push_back(0);
  for (size_t t = 0, running = rows_; t < longest; ++t) {
    while (length_[running - 1] <= t) --running;
    active_.push_back(running);
    offset_.push_back(offset_.back() + running);
  }
}

bool Layout::ResetAt(size_t t, size_t row) const {
  if (resets_.empty()) return false;
  // Going backward, the row starts afresh where the step just done (one position later) began afresh.
  if (reverse_) return t > 0 && resets_[Position(t - 1, row)] != 0;
  return resets_[Position(t, row)] != 0;
}

}  // namespace eddy

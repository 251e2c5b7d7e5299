// Segment: one of the segments in which long sequences are run, with what its layers hand on from one to the next: the
// states of recurrences, and of layers that look back the inputs that the next outputs will see, with how many there are.
//
// Segments equal the whole, bit for bit but for rotary positions, which are counted from a segment's beginning: rounding.
#pragma once

#include <string>
#include <vector>

#include "eddy/error.h"
#include "eddy/tape.h"

EDDY_API_BEGIN
namespace eddy {

class Segment {
 public:
  static constexpr size_t kEnd = static_cast<size_t>(-1);

  // `before` is what an earlier segment handed on (detached by Tape::Constant, or not), each [B, a width of state_widths()];
  // empty at the sequences' beginning. What is handed on is of after `at` steps, at most T, or after each row's last: where
  // segments overlap, the next one begins there.
  explicit Segment(std::vector<Var> before = {}, size_t at = kEnd) : before_(std::move(before)), at_(at) {}

  size_t at() const { return at_; }
  const std::vector<Var>& before() const { return before_; }
  const std::vector<Var>& after() const { return after_; }  // as `before`, of the next segment

  // Each layer in turn takes what is its own and hands on as much. None is taken at the beginning. Throws Error where more
  // is taken than there is.
  std::vector<Var> Take(size_t count) {
    if (before_.empty()) return {};
    if (count > before_.size() - taken_) {
      Fail("segment", "what is handed on", "as much as the layers take: a segment is for one forward",
           std::to_string(before_.size()) + " values");
    }
    const auto first = before_.begin() + static_cast<ptrdiff_t>(taken_);
    taken_ += count;
    return {first, first + static_cast<ptrdiff_t>(count)};
  }
  void HandOn(const std::vector<Var>& state) { after_.insert(after_.end(), state.begin(), state.end()); }

 private:
  std::vector<Var> before_, after_;
  size_t at_;
  size_t taken_ = 0;
};

}  // namespace eddy
EDDY_API_END

// RecurrentStream runs a stack a step at a time: the same numbers, bit for bit, as running the whole sequence. After
// construction a step allocates nothing, locks nothing and throws nothing. The weights are packed once, at construction;
// the stack may then change or go. A stream is for one thread; each has its own state. This holds for the streams of all
// layers, and so does: of one that has been moved from, a step is empty and everything else throws Error.
#pragma once

#include <memory>
#include <span>

#include "eddy/recurrent.h"

EDDY_API_BEGIN
namespace eddy {

class RecurrentStream {
 public:
  // Throws Error for a bidirectional or reversed stack, which cannot be run forward in time. 1 to 2^20 rows.
  // `threads`, which must outlive the stream, share the steps of layers large enough to gain by it; they then wait for the
  // next step awake for a while (threads.h).
  explicit RecurrentStream(const RecurrentStack& stack, size_t rows = 1, Threads* threads = nullptr);
  // In another precision than the stack's.
  RecurrentStream(const RecurrentStack& stack, size_t rows, Precision precision, Threads* threads = nullptr);
  ~RecurrentStream();
  RecurrentStream(RecurrentStream&&) noexcept;

  // input [B, D] -> output [B, output_width()], valid until the next call of Step() or a change of the state.
  std::span<const Real> Step(const Real* input) noexcept;

  // All layers' states as one value: the layers' [B, state_width()] one after another. The span is valid until the next
  // call of Step().
  size_t state_size() const;
  std::span<Real> state();
  void Reset();  // back to the initial state

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
EDDY_API_END

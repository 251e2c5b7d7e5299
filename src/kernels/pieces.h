// Loops over so many elements that between two pieces they look whether to stop (eddy/stop.h). What they change must be what
// is dropped with the work that was stopped: not weights, nor what an optimizer keeps.
#pragma once

#include <algorithm>
#include <cstddef>

#include "eddy/threads.h"
#include "kernels/loops.h"

namespace eddy {

// Elements between two looks: a few milliseconds. Fewer are done without one.
inline constexpr size_t kLook = 1 << 20;

// Calls job(begin, end) on pieces of [0, n), which are independent of each other; one of n is so many elements. Throws
// Stopped.
template <class Job>
void ForPieces(Threads& threads, size_t n, size_t elements, const Job& job) {
  const size_t each = std::max<size_t>(elements, 1), piece = std::max<size_t>(kLook / each, 1);
  threads.For(n, kGrain / each + 1, [&](size_t begin, size_t end) {
    for (size_t at = begin; at < end; at += piece) {
      if (at > begin) threads.ThrowIfStopped();
      job(at, std::min(at + piece, end));
    }
  });
}

}  // namespace eddy

// RunPlan: how a layer runs over a batch, chosen from shapes and the number of threads that work now alone. Threads split
// the rows of a batch, or the units of a step, and then meet at a barrier a step.
#pragma once

#include "recurrent/layout.h"
#include "recurrent/step.h"

namespace eddy {

struct RunPlan {
  // `alone`: on one thread whatever there is.
  RunPlan(const StepRunner& runner, const Layout& layout, const Threads& threads, bool alone = false);
  // For single steps of so many rows, one after another: threads split their units or take no part.
  RunPlan(const StepRunner& runner, size_t rows, const Threads& threads);

  // The same with the first thread doing what all would.
  RunPlan Alone() const;

  bool SplitsRows() const { return !by_units && team > 1; }
  // A thread's part of a step's running rows; nothing for a thread that is not of the team.
  Range ShareOf(int thread, size_t running) const;
  // A thread's part of all rows of a block of steps, where rows are not split.
  Range EntriesOf(int thread, size_t entries) const;

  size_t team = 1;  // threads that take part
  bool by_units = false;
  size_t rows, units;  // B, H

  // Running rows that a block of steps has in the forward: enough for the input product to run at full speed, few enough for
  // its result to stay in the cache until the steps read it.
  size_t forward_entries = 0;
  // And in the backward, whose blocks end in the products that make the weights' gradients: they take all of them at once.
  static constexpr size_t kBackwardEntries = kProductDepth;
};

}  // namespace eddy

// How a shard's loss becomes its share of the batch's.
#pragma once

#include <numeric>

#include "eddy/ops.h"
#include "eddy/trainable.h"

namespace eddy {

// Of a batch's weights, for what counts in it.
inline double Sum(const Tensor& weights) { return std::accumulate(weights.values().begin(), weights.values().end(), 0.0); }

// `mean` is the loss over `counted` positions of a batch in which `of_batch` count: its gradient and its value are then the
// shard's share. The whole batch's loss stays as it is.
inline Var ShareOfLoss(Tape& tape, Var mean, Shard shard, double counted, double of_batch) {
  if (shard.count == 1) return mean;
  return Scale(tape, mean, static_cast<Real>(of_batch > 0 ? counted / of_batch : 0));
}

}  // namespace eddy

// The last operation of a forecaster: it turns what the network puts out into quantiles that cannot cross.
#pragma once

#include "eddy/tape.h"

namespace eddy {

// raw [N..., H, K + Q] over H steps of the horizon: K logits, then Q numbers of which number `median` is c; references
// [N..., H, K] -> quantiles [N..., H, Q]:
//     median  = sum_k softmax(logits)_k reference_k + c
//     above   = the quantile below + softplus(its number)
//     below   = the quantile above - softplus(its number)
// No gradient goes to the references.
Var MixReferences(Tape& tape, Var raw, const Tensor& references, size_t median);

}  // namespace eddy
